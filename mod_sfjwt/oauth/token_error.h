// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/oauth/fetch_failure.h"

namespace sfjwt::oauth {

/// Why there is no token. `message` is one or two sentences for a log line and a fault: what happened and
/// what to do. It never contains a token, an assertion or a key, and of the server's text only words of a
/// fixed list (is_plain_wording) and the host of an instance.
struct TokenError {
  enum class Class {
    subject,        // permanent for this subject: not approved, unknown, inactive, locked
    configuration,  // wrong client id, key, audience or clock: an administrator must act
    transient,      // unreachable, timed out, rate limited, 5xx: retry later
  };
  Class error_class = Class::transient;
  std::string code;  // the OAuth `error` (RFC 6749 section 5.2) if it may be quoted, or a code of our own:
                     // "unreachable"
  std::string message;
  // What the server asked for, at most 300. From a TokenSource: the time to the next request, at least 1.
  std::optional<long> retry_after_seconds;
  FetchFailure cause = FetchFailure::internal;
};

/// The code if renewal is pointless now.
inline constexpr std::string_view kRenewalPaused = "renewal_paused";

/// Whether a failure is remembered across a restart of the server: only if the authorization server itself
/// asked for a pause, and for the pause of renewals. For any other failure, a restart means that the
/// administrator may have removed the cause.
inline bool outlives_restart(const TokenError& error) {
  return error.retry_after_seconds.value_or(0) > 0 || error.code == kRenewalPaused;
}

/// Who has to act on a failure.
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
