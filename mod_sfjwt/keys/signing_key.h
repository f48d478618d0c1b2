// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::keys {

/// The RSA key that signs assertions. Immutable; copies share one key. Thread-safe, and usable after a fork
/// if it was loaded before.
class SigningKey {
 public:
  /// Loads a private key from a file or URI (keys/key_material.h). It must be an RSA private key of 2048 bits
  /// or more (RFC 7518 section 3.3). The error names the source, the reason and what is expected.
  static Result<SigningKey, std::string> load(std::string_view file_or_uri,
                                              const std::optional<Secret>& passphrase = std::nullopt);

  /// The same key with an id for the header of assertions (RFC 7515 section 4.1.4, kid).
  SigningKey named(std::string id) const;

  /// May be empty.
  const std::string& id() const { return id_; }

  /// The fingerprint of its public key, as for its certificate (keys/key_material.h).
  const std::string& fingerprint() const;

  /// A description without secrets: "RSA, 2048 bits, PEM, PKCS#8".
  const std::string& description() const;

  /// Problems that do not prevent its use, such as a world-readable file.
  const std::vector<std::string>& warnings() const;

  /// The raw RS256 signature (RSASSA-PKCS1-v1_5 with SHA-256, RFC 7518 section 3.3) of the bytes.
  Result<std::string, std::string> sign_rs256(std::string_view bytes) const;

 private:
  struct Material;
  explicit SigningKey(std::shared_ptr<const Material> material) : material_(std::move(material)) {}

  std::shared_ptr<const Material> material_;
  std::string id_;
};

/// The keys of a client: one, or two during a rotation.
struct SigningKeys {
  // NOLINTNEXTLINE(google-explicit-constructor)
  SigningKeys(SigningKey only) : first(std::move(only)) {}
  SigningKeys(SigningKey tried_first, std::optional<SigningKey> otherwise)
      : first(std::move(tried_first)), second(std::move(otherwise)) {}

  SigningKey first;
  std::optional<SigningKey> second;
};

}  // namespace sfjwt::keys
