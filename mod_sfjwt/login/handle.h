// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/keys/seal.h"

namespace sfjwt::login {

using UnixMilliseconds = std::chrono::sys_time<std::chrono::milliseconds>;
using HandleId = std::array<std::uint8_t, 16>;
using CallerDigest = std::array<std::uint8_t, 32>;

inline constexpr std::size_t kMaxHandleSubject = 255;  // bytes
inline constexpr std::size_t kMaxHandleText = 511;     // characters

/// What login() gives in place of a session id: the proof that its bearer signed in as the subject. The
/// subject is data of whoever sealed it: check it again (normal form, SFJwtAllowSubject) before it is used.
struct Handle {
  std::string subject;
  /// In milliseconds, since revocations compare it; see Revocations::issue_time.
  UnixMilliseconds issued_at;
  UnixTime expires_at;
  HandleId id{};
  /// caller_digest() of REMOTE_USER at the login, if later requests must come from the same caller.
  std::optional<CallerDigest> caller;

  bool operator==(const Handle&) const = default;
};

/// SHA-256. Throws std::runtime_error if OpenSSL lacks it.
CallerDigest caller_digest(std::string_view remote_user);

/// A random one. Throws std::runtime_error if OpenSSL has no random numbers.
HandleId new_handle_id();

/// Tells by its shape whether a session id is meant to be a handle, genuine or not. Never true for an e-mail
/// address, which has an `@`, or a session id of Salesforce, which has a `!`.
bool looks_like_handle(std::string_view text);

/// Whether something that looks like a handle is anywhere in the text.
bool contains_handle(std::string_view text);

enum class HandleDefect {
  not_genuine,  // changed, cut, sealed with another key or for another realm
  expired,
};

/// Makes handles from, and reads, their text: "sfjwt-", then base64url (RFC 4648 section 5) of a value of
/// keys::Seal. It has at most kMaxHandleText characters, which need no escaping in URLs and XML. The realm is
/// authenticated: a handle is worth nothing in another one.
///
/// Thread-safe.
class HandleSeal {
 public:
  /// One or two keys of keys::Seal::kKeyBytes: the first one seals, all of them open. Throws
  /// std::invalid_argument if there is none or one of another size, std::runtime_error if OpenSSL lacks an
  /// algorithm.
  explicit HandleSeal(const std::vector<Secret>& keys);

  /// Throws std::invalid_argument if the subject is empty or has more than kMaxHandleSubject bytes,
  /// std::runtime_error if OpenSSL fails.
  Secret seal(const Handle& handle, std::string_view realm) const;

  /// Does not know of revocations and does not compare the caller.
  Result<Handle, HandleDefect> open(std::string_view text, std::string_view realm, UnixTime now) const;

 private:
  std::vector<keys::Seal> seals_;
};

}  // namespace sfjwt::login
