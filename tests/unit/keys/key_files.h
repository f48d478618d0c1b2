// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>

#include <string>

#include "mod_sfjwt/core/owned.h"

namespace sfjwt::keys {

using TestKey = Owned<EVP_PKEY, EVP_PKEY_free>;

TestKey rsa_key(unsigned bits = 2048);
TestKey ec_key();

/// PKCS#8 PEM, encrypted where there is a passphrase.
std::string private_pem(const TestKey& key, const std::string& passphrase = {});
/// The traditional form: BEGIN RSA PRIVATE KEY, encrypted the old way where there is a passphrase.
std::string traditional_pem(const TestKey& key, const std::string& passphrase = {});
std::string private_der(const TestKey& key);
std::string public_pem(const TestKey& key);
std::string certificate_pem(const TestKey& key);
std::string pkcs12(const TestKey& key, const std::string& passphrase);

/// A folder that goes with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  /// The path of a new file that only its owner can read.
  std::string file(const std::string& name, const std::string& content) const;
  std::string path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace sfjwt::keys
