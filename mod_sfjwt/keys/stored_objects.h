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

/// What OSSL_STORE finds in one place, by what matters here.
struct StoredObjects {
  Owned<EVP_PKEY, EVP_PKEY_free> key;
  bool several_keys = false;
  bool public_key = false;
  Owned<X509, X509_free> certificate;  // the first
  bool passphrase_asked = false;
};

/// What these bytes hold. Where a passphrase is needed and none is given nobody is asked, and the object is
/// left out. The error is what OpenSSL says when it cannot begin to read.
Result<StoredObjects, std::string> objects_in(const Secret& bytes, const std::optional<Secret>& passphrase);

/// What a URI names, by the providers of this machine's OpenSSL.
Result<StoredObjects, std::string> objects_at(const std::string& uri,
                                              const std::optional<Secret>& passphrase);

}  // namespace sfjwt::keys
