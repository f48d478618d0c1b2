// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/token_source.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "mod_sfjwt/tokens/lifetimes.h"
#include "mod_sfjwt/tokens/supply_error.h"

namespace sfjwt::tokens {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Origin = SuppliedToken::Origin;

constexpr milliseconds kPoll{20};        // for the outcome of other requests of the same caller
constexpr seconds kLeastEarlyPause{60};  // between attempts to renew a token that is still usable

// The claim in an answer, if it has no token or its token has expired.
std::optional<TokenStore::Claimed> claim_in(const TokenStore::Answer& answer) {
  if (const auto* claimed = std::get_if<TokenStore::Claimed>(&answer)) return *claimed;
  const auto* fresh = std::get_if<TokenStore::Fresh>(&answer);
  if (!fresh || !fresh->early_renewal) return std::nullopt;
  return TokenStore::Claimed{*fresh->early_renewal, false, fresh->token.renewals};
}

}  // namespace

struct TokenSource::Wanted {
  TokenKey key;
  std::string_view subject;
  const CallerIdentity& caller;
  const Secret* rejected = nullptr;  // the token to replace; null: none
};

struct TokenSource::Fetched {
  AccessToken token;
  milliseconds took;
};

TokenSource::TokenSource(oauth::Client client, keys::SigningKeys keys, TokenStore& store,
                         oauth::Transport& transport, const Clock& clock, oauth::FetchCounters* counters,
                         Throttles throttles)
    : client_(std::move(client)),
      keys_(client_),
      store_(store),
      clock_(clock),
      grants_(client_, std::move(keys), transport, clock, counters),
      back_off_(clock),
      in_flight_(clock),
      throttles_(throttles) {
  if (!throttles_.blocked_threads) throttles_.blocked_threads = &own_limit_;
}

Result<SuppliedToken, oauth::TokenError> TokenSource::token_for(std::string_view subject,
                                                                const CallerIdentity& caller) {
  return supply({keys_.of(subject), subject, caller});
}

Result<SuppliedToken, oauth::TokenError> TokenSource::renew(std::string_view subject,
                                                            const SuppliedToken& rejected) {
  assert(rejected.key == keys_.of(subject));
  return supply({rejected.key, subject, {}, &rejected.token.value});
}

Result<SuppliedToken, oauth::TokenError> TokenSource::supply(const Wanted& wanted) {
  const auto deadline = clock_.steady() + client_.wait_limit;
  BlockedThreadLimit::Slot slot(*throttles_.blocked_threads);
  for (bool last_look = false;;) {
    auto answer = store_.get_or_claim(wanted.key, client_.claim_lease, wanted.rejected);
    if (auto* const failed = std::get_if<TokenStore::Failed>(&answer))
      return Unexpected{remembered(std::move(failed->error), failed->age, failed->retry_in)};
    // The token may have expired meanwhile; then ask the store once more.
    if (auto* const fresh = std::get_if<TokenStore::Fresh>(&answer);
        fresh && clock_.now() < fresh->token.expires_at)
      return supply_fresh(wanted, std::move(*fresh));
    if (const auto claimed = claim_in(answer)) return supply_claimed(wanted, *claimed, slot);
    const auto* const fetching = std::get_if<TokenStore::Fetching>(&answer);
    const bool slow = fetching && (fetching->after_failure || fetching->age >= kSlowFetch);
    if (!slot.may_wait(slow || in_trouble())) return Unexpected{overloaded()};
    const auto left = std::chrono::ceil<milliseconds>(deadline - clock_.steady());
    if (last_look || left <= milliseconds{0}) return Unexpected{busy()};
    last_look = !fetching || outlasts(wanted, *fetching, left);
  }
}

// Waits for another caller's fetch. If the fetch becomes slow, too many threads may be waiting: then it
// returns early.
bool TokenSource::outlasts(const Wanted& wanted, const TokenStore::Fetching& fetching, milliseconds left) {
  const milliseconds longest = fetching.age < kSlowFetch ? std::min(left, kSlowFetch - fetching.age) : left;
  return store_.wait(wanted.key, longest) == TokenStore::Wait::timed_out && longest == left;
}

bool TokenSource::in_trouble() const {
  return back_off_.in_trouble() || in_flight_.slow();
}

Result<SuppliedToken, oauth::TokenError> TokenSource::supply_fresh(const Wanted& wanted,
                                                                   TokenStore::Fresh&& fresh) {
  AccessToken& token = fresh.token;
  if (wanted.rejected && token.value == *wanted.rejected) {
    if (fresh.early_renewal)
      store_.fail(wanted.key, *fresh.early_renewal, renewal_paused(client_.provider->name),
                  RenewalHistory::kLongestPause);
    return Unexpected{not_renewed(wanted, token)};
  }
  const bool report_wanted = token.unproven || half_idle(token, clock_.now());
  SuppliedToken hit{std::move(token), wanted.key, Origin::hit, report_wanted};
  if (fresh.early_renewal) return renew_early(wanted, *fresh.early_renewal, std::move(hit));
  return hit;
}

// Uses the old token if there is no new one. If the server grants the same token again, its lifetime is
// extended.
SuppliedToken TokenSource::renew_early(const Wanted& wanted, TokenStore::Claim claim, SuppliedToken old) {
  ClaimGuard guard(store_, wanted.key, claim);
  BlockedThreadLimit::Slot slot(*throttles_.blocked_threads);
  if (!slot.may_wait(in_trouble())) {
    guard.fail(overloaded(), kLeastEarlyPause);
    return old;
  }
  auto fetched = request_token(wanted);
  if (!fetched) {
    guard.fail(fetched.error(), std::max(kLeastEarlyPause, back_off_.pause_after(fetched.error())));
    return old;
  }
  AccessToken& token = fetched->token;
  token.renewals = old.token.renewals;
  if (token.value == old.token.value) token.unproven = old.token.unproven;
  guard.put(token);
  const bool report_wanted = token.unproven;
  return SuppliedToken{std::move(token), wanted.key, Origin::fetched, report_wanted, fetched->took};
}

// Every call resets the server's idle timer. Ours is reset only by a success in the second half of the idle
// lifetime, so that most hits write nothing.
bool TokenSource::half_idle(const AccessToken& token, UnixTime now) const {
  return token.expires_at - now <= client_.idle_lifetime / 2 && token.expires_at < token.not_after;
}

void TokenSource::accepted(const SuppliedToken& supplied) {
  AccessToken proven = supplied.token;
  proven.unproven = false;
  proven.expires_at = std::min(clock_.now() + client_.idle_lifetime, proven.not_after);
  store_.update(supplied.key, proven);
}

void TokenSource::rejected_again(const SuppliedToken& renewed) {
  store_.rejected_again(renewed.key, renewed.token.value);
}

// After the pause one renewal is tried again: the cause of the rejections may be gone.
oauth::TokenError TokenSource::not_renewed(const Wanted& wanted, const AccessToken& token) {
  if (token.unproven) store_.rejected_again(wanted.key, token.value);
  return token.renewals.exhausted(clock_.now()) ? renewed_too_often()
                                                : renewal_paused(client_.provider->name);
}

std::uint64_t TokenSource::hash_of(const CallerIdentity& caller) const {
  const TokenKey digest = keys_.of(std::string(throttles_.failures.salt()).append(caller.text()));
  std::uint64_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof(hash));
  return std::max<std::uint64_t>(hash, 1);
}

// Waits for its turn.
Result<FailureThrottle::Permit, FailureThrottle::Refused> TokenSource::permit_for(
    const CallerIdentity& caller) const {
  const std::uint64_t hash = hash_of(caller);
  const auto deadline = clock_.steady() + FailureThrottle::kLongestWait;
  for (;;) {
    auto permit = throttles_.failures.permit(hash, clock_.steady());
    if (permit && permit->wait > milliseconds{0}) clock_.sleep(permit->wait);
    if (permit || permit.error() != FailureThrottle::Refused::pending || clock_.steady() >= deadline)
      return permit;
    clock_.sleep(kPoll);
  }
}

Result<SuppliedToken, oauth::TokenError> TokenSource::supply_claimed(const Wanted& wanted,
                                                                     const TokenStore::Claimed& claimed,
                                                                     BlockedThreadLimit::Slot& slot) {
  ClaimGuard guard(store_, wanted.key, claimed.claim);
  if (!slot.may_wait(claimed.after_failure || in_trouble())) {
    guard.fail(overloaded(), seconds{0});
    return Unexpected{overloaded()};
  }
  if (!claimed.history && !wanted.rejected) return fetch_first(wanted, guard);
  return fetch(wanted, claimed.history.value_or(RenewalHistory{}), guard);
}

// For a subject that is not known to have had a token. A throttled request is a matter of this caller, so the
// error is not remembered for others that need the same subject.
Result<SuppliedToken, oauth::TokenError> TokenSource::fetch_first(const Wanted& wanted, ClaimGuard& guard) {
  const auto permit = permit_for(wanted.caller);
  if (!permit) {
    guard.fail(throttled(permit.error()), seconds{0});
    return Unexpected{throttled(permit.error())};
  }
  auto token = fetch(wanted, {}, guard);
  if (token) {
    throttles_.failures.succeeded(*permit, clock_.steady());
  } else {
    throttles_.failures.failed(*permit, clock_.steady());
  }
  return token;
}

Result<SuppliedToken, oauth::TokenError> TokenSource::fetch(const Wanted& wanted,
                                                            const RenewalHistory& history,
                                                            ClaimGuard& guard) {
  auto fetched = request_token(wanted);
  if (!fetched) {
    oauth::TokenError error = std::move(fetched).error();
    const seconds pause = back_off_.pause_after(error);
    guard.fail(error, pause);
    error.retry_after_seconds = pause.count();
    return Unexpected{std::move(error)};
  }
  AccessToken& token = fetched->token;
  const bool same_again = wanted.rejected && token.value == *wanted.rejected;
  token.renewals = history;
  if (same_again) token.renewals.rejected_again(clock_.now());
  token.unproven = wanted.rejected && !same_again;
  guard.put(token);
  if (same_again) return Unexpected{renewal_paused(client_.provider->name)};
  const bool renewed = wanted.rejected != nullptr;
  return SuppliedToken{std::move(token), wanted.key, renewed ? Origin::renewed : Origin::fetched, renewed,
                       fetched->took};
}

Result<TokenSource::Fetched, oauth::TokenError> TokenSource::request_token(const Wanted& wanted) {
  // Lifetimes count from the request, since the response may have taken long.
  const UnixTime requested_at = clock_.now();
  const auto begun = clock_.steady();
  const InFlightRequests::Run run(in_flight_);
  auto grant = grants_.grant_for(wanted.subject);
  if (grant || grant.error().error_class != oauth::TokenError::Class::transient) back_off_.server_answered();
  if (!grant) return Unexpected{std::move(grant).error()};
  const auto took = std::chrono::floor<milliseconds>(clock_.steady() - begun);
  AccessToken token{std::move(grant->access_token), std::move(grant->instance_url), requested_at};
  token.not_after =
      requested_at + std::min(client_.absolute_lifetime, grant->expires_in.value_or(seconds::max()));
  Lifetimes{client_.idle_lifetime, client_.absolute_lifetime}.limit(token, wanted.key, requested_at);
  return Fetched{std::move(token), took};
}

}  // namespace sfjwt::tokens
