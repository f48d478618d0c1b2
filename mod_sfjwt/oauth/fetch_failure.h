// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace sfjwt::oauth {

/// Why no token was granted, in as much detail as the counters have.
enum class FetchFailure {
  approval,    // the user has not approved the app
  app_access,  // the policy of the app excludes the user, by profile, address or time
  user,        // inactive or locked
  grant,       // refused for this user without a more specific reason
  audience,
  assertion,  // signature or claims not accepted
  signing,    // the assertion could not be signed
  clock,      // expired, or not yet valid
  client,     // client id or secret
  app,        // not installed, or not configured for this flow
  request,    // another OAuth error
  reply,      // an unusable response
  tls,
  rate,
  server,  // in trouble: 5xx, 429
  unreachable,
  timed_out,
  exchange,          // broken off, or not HTTP
  caller_throttled,  // not sent: token requests of this caller failed a moment ago
  client_throttled,  // not sent: token requests of many callers failed a moment ago
  internal,
};
inline constexpr std::size_t kFetchFailures = static_cast<std::size_t>(FetchFailure::internal) + 1;

}  // namespace sfjwt::oauth
