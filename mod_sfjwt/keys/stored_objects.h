// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::keys {

/// The relevant objects that OSSL_STORE finds in one source.
struct StoredObjects {
  Owned<EVP_PKEY, EVP_PKEY_free> key;
  bool several_keys = false;
  bool public_key = false;
  Owned<X509, X509_free> certificate;  // the first
  bool passphrase_asked = false;
};

/// Reads the objects in these bytes. An object that needs a passphrase is skipped if none is given; nobody is
/// prompted. The error is OpenSSL's reason for failing to open the source.
Result<StoredObjects, std::string> objects_in(const Secret& bytes, const std::optional<Secret>& passphrase);

/// Reads the objects of a URI, with the providers of this machine's OpenSSL.
Result<StoredObjects, std::string> objects_at(const std::string& uri,
                                              const std::optional<Secret>& passphrase);

}  // namespace sfjwt::keys
