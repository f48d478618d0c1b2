// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::keys {

/// A private key of any kind, and properties of its source.
struct KeyMaterial {
  Owned<EVP_PKEY, EVP_PKEY_free> key;
  std::string form;        // "PEM, PKCS#8", "PKCS#12", "URI"
  bool encrypted = false;  // the passphrase was needed
  std::vector<std::string> warnings;
};

/// Reads the only private key of a file (PEM with LF or CRLF, DER, PKCS#12; encrypted or not), or of a URI
/// that an OSSL_STORE provider of the system's OpenSSL supports, such as `pkcs11:`. Never prompts for a
/// passphrase, and never blocks on a FIFO or device. The error names the file and gives the reason.
Result<KeyMaterial, std::string> read_key_material(std::string_view file_or_uri,
                                                   const std::optional<Secret>& passphrase = std::nullopt);

/// A file name or URI for messages, without the query of a URI, which can contain a PIN (RFC 7512 section
/// 2.4).
std::string shown_source(std::string_view file_or_uri);

/// "RSA", "EC", ...
std::string type_name(const EVP_PKEY* key);

/// Why a key cannot be used for RS256 (RFC 7518 section 3.3), as a clause to follow its name; empty if it
/// can: an RSA key of 2048 bits or more.
std::string unfit_for_rs256(const EVP_PKEY* key);

/// SHA-256 of the SubjectPublicKeyInfo (RFC 5280 section 4.1) in lower-case hexadecimal digits: equal for a
/// private key and its certificate. Empty if the public key cannot be exported.
std::string public_fingerprint(const EVP_PKEY* key);

}  // namespace sfjwt::keys
