// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace sfjwt::oauth {

/// What kept a token from being granted, as finely as it is counted.
enum class FetchFailure {
  approval,    // the user has not approved the app
  app_access,  // the app's policy keeps the user out, by profile, address or hour
  user,        // inactive or locked
  grant,       // refused for this user, and the server does not say more
  audience,
  assertion,  // signature or claims are not accepted
  signing,    // no assertion could be made
  clock,      // expired, or not yet valid
  client,     // client id or secret
  app,        // not installed, or not set up for this flow
  request,    // an OAuth error that none of the others is
  reply,      // an answer that cannot be used
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
