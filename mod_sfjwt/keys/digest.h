// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/owned.h"

namespace sfjwt::keys {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4). Throws std::runtime_error if OpenSSL lacks it.
Digest sha256(std::string_view text);

/// A substitute for a text that logs must not show: the first 16 hexadecimal digits of its SHA-256. Equal
/// texts have equal digests, so a reader with a list of candidates can identify the text. Throws
/// std::runtime_error if OpenSSL has no SHA-256.
std::string short_digest(std::string_view text);

/// SHA-256 over a salt and texts, each preceded by its length. Whoever does not know the salt cannot find
/// texts with a digest that he wants. Thread-safe.
class SaltedDigest {
 public:
  /// Throws std::runtime_error if OpenSSL has no SHA-256, as of() does.
  explicit SaltedDigest(std::string salt);

  Digest of(std::initializer_list<std::string_view> texts) const;

 private:
  Owned<EVP_MD, EVP_MD_free> sha256_;
  std::string salt_;
};

}  // namespace sfjwt::keys
