// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/keys/key_choice.h"
#include "mod_sfjwt/keys/signing_key.h"
#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/oauth/fetch_counters.h"
#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/oauth/token_reply.h"
#include "mod_sfjwt/oauth/transport.h"

namespace sfjwt::oauth {

/// Requests grants from the token endpoint (RFC 7523 section 2.1): one request each, and a second one with
/// the other key if there are two and the server does not accept the assertion. After a transient failure
/// (5xx, no connection, a broken connection) it retries once, 100 to 300 ms later, unless that could take
/// longer than the client's request_limit or the server asks for a longer pause. Thread-safe; objects passed
/// by reference must outlive it.
class GrantSource {
 public:
  /// `counters` may be null.
  GrantSource(const Client& client, keys::SigningKeys keys, Transport& transport, const Clock& clock,
              FetchCounters* counters);

  /// Requests a grant. Blocks for as long as the transport takes for each request.
  Result<Grant, TokenError> grant_for(std::string_view subject);

 private:
  using Steady = std::chrono::steady_clock::time_point;

  Result<Grant, TokenError> request(std::string_view subject, Steady deadline);
  Result<Grant, TokenError> ask(std::string_view subject, const keys::SigningKey& key, Steady deadline);
  Result<Grant, TokenError> ask_with_either_key(std::string_view subject, Steady deadline);
  Result<Grant, TokenError> without_echo(Result<Grant, TokenError> grant, const Secret& assertion) const;

  const Client& client_;
  keys::SigningKeys keys_;
  keys::KeyChoice choice_;
  Transport& transport_;
  const Clock& clock_;
  FetchCounters* counters_;
};

}  // namespace sfjwt::oauth
