// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/keys/digest.h"
#include "mod_sfjwt/login/attempt_limits.h"
#include "mod_sfjwt/login/handle.h"
#include "mod_sfjwt/login/revocations.h"
#include "mod_sfjwt/login/waiting_places.h"

namespace sfjwt::login {

/// What all processes share about logins (see login_table_layout.h): revoked handles, failed attempts, who
/// waits, and a key for handles where none is configured.
class LoginTable {
 public:
  static constexpr std::size_t kAlignment = 64;

  /// The size of a table.
  static std::size_t bytes();

  /// Whether the memory contains a table of this version and size.
  static bool is_in(const std::byte* memory, std::size_t size);

  /// A table in zeroed memory, or in memory that an object of the same version has used or is using, possibly
  /// in another process. The first object must exist before the memory is shared. Throws
  /// std::invalid_argument if there is another table or the size is not bytes(), std::runtime_error if
  /// OpenSSL fails. The memory must be aligned to kAlignment and outlive the object.
  LoginTable(std::byte* memory, std::size_t size);
  LoginTable(const LoginTable&) = delete;
  LoginTable& operator=(const LoginTable&) = delete;

  /// The generated key for HandleSeal; the same for the lifetime of the memory.
  Secret key() const;

  const Revocations& revocations() const { return revocations_; }
  const AttemptLimits& attempts() const { return attempts_; }
  const WaitingPlaces& waiting() const { return waiting_; }

  /// The handle of a new login, which no revocation so far affects. Throws std::runtime_error if OpenSSL has
  /// no random numbers.
  Handle new_handle(std::string subject, std::optional<CallerDigest> caller, UnixMilliseconds now,
                    std::chrono::seconds lifetime) const;

 private:
  std::byte* memory_;
  keys::SaltedDigest hash_;
  Revocations revocations_;
  AttemptLimits attempts_;
  WaitingPlaces waiting_;
};

}  // namespace sfjwt::login
