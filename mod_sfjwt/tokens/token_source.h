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

/// A token with the data that its source needs when its outcome is reported: only a supplied token can be
/// renewed, accepted or rejected.
struct SuppliedToken {
  AccessToken token;
  TokenKey key;  // its key in the store
  enum class Origin {
    hit,      // it was in the store
    fetched,  // it was requested
    renewed,  // it was requested to replace a rejected one
  } origin;
  bool report_wanted = false;  // call accepted() when the backend accepts it; otherwise that has no effect
  std::chrono::milliseconds took{};  // fetched, renewed: duration of the request to the authorization server
};

/// Limits that keep trouble with one authorization server, or one caller, from affecting everybody. The
/// pointers must outlive the source.
struct Throttles {
  BlockedThreadLimit* blocked_threads = nullptr;  // of this process; null: no limit
  FailureThrottle failures;                       // of this client id
};

/// Supplies access tokens by the JWT bearer flow (RFC 7523 section 2.1): from the store while they are fresh,
/// otherwise with one request per subject, regardless of the number of callers. Thread-safe; the
/// constructor's arguments must outlive it.
class TokenSource {
 public:
  /// `counters` may be null.
  TokenSource(oauth::Client client, keys::SigningKeys keys, TokenStore& store, oauth::Transport& transport,
              const Clock& clock, oauth::FetchCounters* counters = nullptr, Throttles throttles = {});

  /// A token for the subject, or why there is none. Blocks for at most one network exchange of the transport,
  /// and for another caller's exchange at most `wait_limit`; does not block while a token request is slow or
  /// has failed and enough threads of this process are blocked. Some time before a token expires, one caller
  /// requests the next one while the others use the old one. A request for a subject that is not known to
  /// have had a token counts against `caller` if it fails, and is not sent (kThrottled) after too many
  /// failures. The error for a remembered failure says so, with its age and the time (retry_after_seconds)
  /// until the next request.
  Result<SuppliedToken, oauth::TokenError> token_for(std::string_view subject,
                                                     const CallerIdentity& caller = {});

  /// A replacement for a token of this subject that the backend has rejected (its session is over): the
  /// cached one if it is different (a hit), else a new one, with one request regardless of the number of
  /// callers that hold the rejected token; meanwhile token_for still returns that token. Blocks like
  /// token_for. Returns the error kRenewalPaused at once if a request would not help: the rejected token was
  /// itself renewed and never accepted, the server grants the same one, or the subject's token was renewed
  /// too often (see RenewalHistory).
  Result<SuppliedToken, oauth::TokenError> renew(std::string_view subject, const SuppliedToken& rejected);

  /// Reports that the backend accepted the token: its response was anything but that the session is over.
  /// Restarts the idle lifetime; a renewed token is no longer unproven.
  void accepted(const SuppliedToken& supplied);

  /// Reports that the backend rejected the token from renew() too: renewals pause.
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
