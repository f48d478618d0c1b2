// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/keys/certificate.h"

namespace sfjwt::net {

/// A certificate and its private key, for servers that request a client certificate.
struct ClientCertificate {
  Secret pem;  // certificate and key
  keys::Certificate certificate;
  std::vector<std::string> warnings;  // each begins with the file name; for example, that others can read it
};

/// Reads a PEM file of at most 64 KB with a certificate and its unencrypted private key. The error names the
/// file and gives the reason.
Result<ClientCertificate, std::string> read_client_certificate(const std::string& file);

}  // namespace sfjwt::net
