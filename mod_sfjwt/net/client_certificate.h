// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/keys/certificate.h"

namespace sfjwt::net {

/// A certificate and its private key, as TLS shows them to a server that asks.
struct ClientCertificate {
  Secret pem;  // of both
  keys::Certificate certificate;
  std::vector<std::string> warnings;  // each with the file's name, for example that others can read it
};

/// Reads a PEM file of at most 64 KB with a certificate and the key it belongs to, which is not encrypted.
/// The error names the file and says what is wrong.
Result<ClientCertificate, std::string> read_client_certificate(const std::string& file);

}  // namespace sfjwt::net
