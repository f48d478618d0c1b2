// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/tokens/failure_throttle.h"

namespace sfjwt::tokens {

/// Codes of a TokenError: too many threads already wait for a server in trouble; too many token requests of
/// this caller, or of all callers, failed.
inline constexpr std::string_view kOverloaded = "overloaded";
inline constexpr std::string_view kThrottled = "throttled";

/// Errors of a TokenSource that do not come from the authorization server. All are transient.
oauth::TokenError renewal_paused(std::string_view provider);  // its name, for the message
oauth::TokenError renewed_too_often();
oauth::TokenError overloaded();
oauth::TokenError busy();
oauth::TokenError fetch_interrupted();
oauth::TokenError throttled(FailureThrottle::Refused refused);

/// Adds to the error of another caller that it occurred `age` ago, and that there is no request before
/// `retry_in` has passed.
oauth::TokenError remembered(oauth::TokenError error, std::chrono::milliseconds age,
                             std::chrono::milliseconds retry_in);

}  // namespace sfjwt::tokens
