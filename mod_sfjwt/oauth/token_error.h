// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/oauth/fetch_failure.h"

namespace sfjwt::oauth {

/// Why no token could be had. `message` is one or two sentences for a log line and a fault: what happened and
/// what to do about it; never a token, an assertion, a key, nor words of the server beyond a fixed
/// list (is_plain_wording) and the host of an instance.
struct TokenError {
  enum class Class {
    subject,        // permanent for this subject: not approved, unknown, inactive, locked
    configuration,  // client id, key, audience or clock are wrong: an administrator must act
    transient,      // unreachable, timed out, rate limited, 5xx: trying later helps
  };
  Class error_class = Class::transient;
  std::string
      code;  // the OAuth `error` (RFC 6749 section 5.2) if it may be quoted, or our own word: "unreachable"
  std::string message;
  // What the server asked for, at most 300. Of a TokenSource: when it asks again, at least 1.
  std::optional<long> retry_after_seconds;
  FetchFailure cause = FetchFailure::internal;
};

/// The code when renewing is no use now.
inline constexpr std::string_view kRenewalPaused = "renewal_paused";

/// Whether a failure is remembered beyond a restart of the server: one for which the authorization server
/// itself has asked for time, and the pause of renewals. Of all others an administrator who has removed the
/// cause expects that they are over.
inline bool outlives_restart(const TokenError& error) {
  return error.retry_after_seconds.value_or(0) > 0 || error.code == kRenewalPaused;
}

/// Whose matter a failure is.
constexpr TokenError::Class class_of(FetchFailure cause) {
  switch (cause) {
    case FetchFailure::approval:
    case FetchFailure::app_access:
    case FetchFailure::user:
    case FetchFailure::grant:
      return TokenError::Class::subject;
    case FetchFailure::audience:
    case FetchFailure::assertion:
    case FetchFailure::signing:
    case FetchFailure::clock:
    case FetchFailure::client:
    case FetchFailure::app:
    case FetchFailure::request:
    case FetchFailure::reply:
    case FetchFailure::tls:
      return TokenError::Class::configuration;
    case FetchFailure::rate:
    case FetchFailure::server:
    case FetchFailure::unreachable:
    case FetchFailure::timed_out:
    case FetchFailure::exchange:
    case FetchFailure::caller_throttled:
    case FetchFailure::client_throttled:
    case FetchFailure::internal:
      break;
  }
  return TokenError::Class::transient;
}

}  // namespace sfjwt::oauth
