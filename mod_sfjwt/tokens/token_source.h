// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/keys/signing_key.h"
#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/oauth/fetch_counters.h"
#include "mod_sfjwt/oauth/grant_source.h"
#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/oauth/transport.h"
#include "mod_sfjwt/tokens/back_off.h"
#include "mod_sfjwt/tokens/blocked_thread_limit.h"
#include "mod_sfjwt/tokens/caller_identity.h"
#include "mod_sfjwt/tokens/claim_guard.h"
#include "mod_sfjwt/tokens/failure_throttle.h"
#include "mod_sfjwt/tokens/in_flight_requests.h"
#include "mod_sfjwt/tokens/token.h"
#include "mod_sfjwt/tokens/token_key.h"
#include "mod_sfjwt/tokens/token_store.h"

namespace sfjwt::tokens {

/// A token, and what its source has to know when told how it fared: only a token that was supplied can be
/// renewed, accepted or rejected.
struct SuppliedToken {
  AccessToken token;
  TokenKey key;  // what it is stored under
  enum class Origin {
    hit,      // it was there
    fetched,  // it was requested
    renewed,  // it was requested in place of a rejected one
  } origin;
  bool report_wanted = false;  // call accepted() when the backend takes it; else that would change nothing
  std::chrono::milliseconds took{};  // fetched, renewed: how long the authorization server was waited for
};

/// What keeps trouble with one authorization server, or one caller, from becoming everybody's. What is
/// pointed at outlives the source.
struct Throttles {
  BlockedThreadLimit* blocked_threads = nullptr;  // of this process; null: as many wait as come
  FailureThrottle failures;                       // of this client id
};

/// Access tokens by the JWT bearer flow (RFC 7523 section 2.1): from the store while fresh, otherwise one
/// request per subject however many callers ask. Safe to call from several threads; what it is built of
/// outlives it.
class TokenSource {
 public:
  /// `counters` may be null.
  TokenSource(oauth::Client client, keys::SigningKeys keys, TokenStore& store, oauth::Transport& transport,
              const Clock& clock, oauth::FetchCounters* counters = nullptr, Throttles throttles = {});

  /// A token for the subject, or why there is none. Blocks for a network exchange at most as long as the
  /// transport allows, and for another caller's exchange at most `wait_limit`; not at all when a request for
  /// a token is slow or has failed and enough threads of this process are blocked. Some time before a token
  /// has to be given up, one caller asks for the next one while the others are given the old one. A request
  /// for a subject that is not known to have had a token counts against `caller` if it fails, and is not sent
  /// (kThrottled) while too many have failed. A failure that is remembered says so, since when, and until
  /// when (retry_after_seconds) nothing is asked.
  Result<SuppliedToken, oauth::TokenError> token_for(std::string_view subject,
                                                     const CallerIdentity& caller = {});

  /// A token in place of one of this subject that the backend has rejected (its session is over): the cached
  /// one if it is another by now (a hit), else a new one; one request however many callers hold the same dead
  /// token, while token_for goes on giving it. Blocks as token_for does. When asking again does not help (the
  /// rejected token is itself renewed and was never accepted, the server grants the same one, or the
  /// subject's token was renewed too often; see RenewalHistory) the answer is the error kRenewalPaused, at
  /// once.
  Result<SuppliedToken, oauth::TokenError> renew(std::string_view subject, const SuppliedToken& rejected);

  /// The backend took the token: its answer was anything but that the session is over. Starts the idle
  /// lifetime anew, and a renewed token counts as proven.
  void accepted(const SuppliedToken& supplied);

  /// The backend rejected what renew() gave, too: renewing pauses.
  void rejected_again(const SuppliedToken& renewed);

 private:
  struct Wanted;
  struct Fetched;

  Result<SuppliedToken, oauth::TokenError> supply(const Wanted& wanted);
  Result<SuppliedToken, oauth::TokenError> supply_fresh(const Wanted& wanted, TokenStore::Fresh&& fresh);
  SuppliedToken renew_early(const Wanted& wanted, TokenStore::Claim claim, SuppliedToken old);
  Result<SuppliedToken, oauth::TokenError> supply_claimed(const Wanted& wanted,
                                                          const TokenStore::Claimed& claimed,
                                                          BlockedThreadLimit::Slot& slot);
  Result<SuppliedToken, oauth::TokenError> fetch_first(const Wanted& wanted, ClaimGuard& guard);
  Result<SuppliedToken, oauth::TokenError> fetch(const Wanted& wanted, const RenewalHistory& history,
                                                 ClaimGuard& guard);
  Result<Fetched, oauth::TokenError> request_token(const Wanted& wanted);
  bool outlasts(const Wanted& wanted, const TokenStore::Fetching& fetching, std::chrono::milliseconds left);
  std::uint64_t hash_of(const CallerIdentity& caller) const;
  Result<FailureThrottle::Permit, FailureThrottle::Refused> permit_for(const CallerIdentity& caller) const;
  bool in_trouble() const;
  oauth::TokenError not_renewed(const Wanted& wanted, const AccessToken& token);
  bool half_idle(const AccessToken& token, UnixTime now) const;

  oauth::Client client_;
  TokenKeys keys_;
  TokenStore& store_;
  const Clock& clock_;
  oauth::GrantSource grants_;
  BackOff back_off_;
  InFlightRequests in_flight_;
  BlockedThreadLimit own_limit_;
  Throttles throttles_;
};

}  // namespace sfjwt::tokens
