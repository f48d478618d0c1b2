// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/tokens/failure_throttle.h"

namespace sfjwt::tokens {

/// Codes of a TokenError: the server is in trouble and enough callers wait for it already; token requests
/// failed, of this caller or of many.
inline constexpr std::string_view kOverloaded = "overloaded";
inline constexpr std::string_view kThrottled = "throttled";

/// Why a TokenSource has no token although the authorization server has not refused one. All are transient.
oauth::TokenError renewal_paused(std::string_view provider);  // its name, for the message
oauth::TokenError renewed_too_often();
oauth::TokenError overloaded();
oauth::TokenError busy();
oauth::TokenError fetch_interrupted();
oauth::TokenError throttled(FailureThrottle::Refused refused);

/// A failure that another caller met `age` ago, and that is not asked about again before `retry_in`: it says
/// so.
oauth::TokenError remembered(oauth::TokenError error, std::chrono::milliseconds age,
                             std::chrono::milliseconds retry_in);

}  // namespace sfjwt::tokens
