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
inline constexpr std::size_t kLargestSealed = 8192;  // bytes of an encrypted value

/// Decodes a key of 32 bytes from base64 (RFC 4648 section 4): 44 characters, as printed by
/// `openssl rand -base64 32`. The error gives the reason.
Result<Secret, std::string> seal_key_in(const Secret& base64);

/// Protects data in an untrusted store. Without the key nobody can read, change or create values, use them
/// under another id or after they expire, or learn anything from ids.
///
/// Two keys are derived from the given one (HKDF-SHA-256, RFC 5869): one for the ids (HMAC-SHA-256), one for
/// the values (AES-256-GCM, NIST SP 800-38D). A value consists of version (1 byte), expiry (seconds since the
/// epoch, 8 bytes, big-endian), random nonce (12), ciphertext, tag (16). Version, expiry and id are
/// authenticated as well.
///
/// Thread-safe.
class Seal {
 public:
  static constexpr std::size_t kKeyBytes = 32;
  static constexpr std::size_t kOverhead = 1 + 8 + 12 + 16;

  /// Throws std::runtime_error if OpenSSL lacks an algorithm.
  explicit Seal(const Secret& key);

  /// The id for a name of any bytes.
  SealedId id_of(std::span<const std::uint8_t> name) const;

  /// Throws std::runtime_error if OpenSSL fails, for example for lack of random numbers.
  std::string encrypt(const SealedId& id, UnixTime expires_at, std::string_view content) const;

  struct Decrypted {
    Secret content;
    UnixTime expires_at;  // as given to encrypt(); the caller has to check it
  };

  /// nullopt unless the value was encrypted with this key for this id and is unchanged.
  std::optional<Decrypted> decrypt(const SealedId& id, std::string_view value) const;

 private:
  Owned<EVP_CIPHER, EVP_CIPHER_free> cipher_;
  Owned<EVP_MAC_CTX, EVP_MAC_CTX_free> ids_;  // has the key; each id is made by a copy
  Secret value_key_;
};

}  // namespace sfjwt::keys
