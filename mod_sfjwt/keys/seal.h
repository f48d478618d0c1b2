// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::keys {

using SealedId = std::array<std::uint8_t, 32>;
inline constexpr std::size_t kLargestSealed = 8192;  // bytes of a value, sealed

/// The 32 bytes of a key in base64 (RFC 4648 section 4), 44 characters, as `openssl rand -base64 32` writes
/// it, or what is wrong with it.
Result<Secret, std::string> seal_key_in(const Secret& base64);

/// What is given to a store that is not trusted: values that nobody without the key can read, change, make,
/// or pass off under another id or after their time, and ids that tell nothing.
///
/// From one key two are derived (HKDF-SHA-256, RFC 5869): one for the ids (HMAC-SHA-256), one for the values
/// (AES-256-GCM, NIST SP 800-38D). A value is version (1 byte), expiry (seconds since the epoch, 8 bytes, big
/// end first), random nonce (12), ciphertext, tag (16). Authenticated besides: version, expiry and id.
///
/// Safe to use from several threads.
class Seal {
 public:
  static constexpr std::size_t kKeyBytes = 32;
  static constexpr std::size_t kOverhead = 1 + 8 + 12 + 16;

  /// Throws std::runtime_error when OpenSSL lacks what it takes.
  explicit Seal(const Secret& key);

  /// The id of what is kept under a name of any bytes.
  SealedId id_of(std::span<const std::uint8_t> name) const;

  /// Throws std::runtime_error when OpenSSL fails, for example for want of random numbers.
  std::string encrypt(const SealedId& id, UnixTime expires_at, std::string_view content) const;

  struct Decrypted {
    Secret content;
    UnixTime expires_at;  // as it was when the value was encrypted; to be judged by the caller
  };

  /// Nothing unless it was encrypted with this key for this id and is as it was.
  std::optional<Decrypted> decrypt(const SealedId& id, std::string_view value) const;

 private:
  Owned<EVP_CIPHER, EVP_CIPHER_free> cipher_;
  Owned<EVP_MAC, EVP_MAC_free> hmac_;
  Secret id_key_;
  Secret value_key_;
};

}  // namespace sfjwt::keys
