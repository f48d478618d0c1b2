// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/token_source.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "mod_sfjwt/tokens/lifetimes.h"

namespace sfjwt::tokens {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using State = TokenStore::Answer::State;

constexpr seconds kBrokenOffPause{2};
constexpr milliseconds kPoll{20};        // for the outcome of other requests of the same caller
constexpr seconds kLeastEarlyPause{60};  // between tries to renew a token that still serves

oauth::TokenError transient(std::string code, std::string message) {
  return oauth::TokenError{oauth::TokenError::Class::transient, std::move(code), std::move(message),
                           std::nullopt, oauth::FetchFailure::internal};
}

oauth::TokenError renewal_paused(const oauth::Provider& provider) {
  return transient(
      std::string(oauth::kRenewalPaused),
      std::string(provider.name) +
          " rejects a token it granted a moment ago. The next one is requested after a pause. If this "
          "lasts, check whether sessions are locked to an IP address (Setup > Session Settings).");
}

oauth::TokenError renewed_too_often() {
  return transient(
      std::string(oauth::kRenewalPaused),
      "The token of this user was renewed too often in the last minute. The next one is requested after a "
      "pause. If this lasts, find out what ends the user's sessions (Setup > Login History).");
}

oauth::TokenError crowded() {
  return transient(
      std::string(kOverloaded),
      "The authorization server is slow or fails, and many requests wait for it already. Try again later.");
}

oauth::TokenError throttled(FailureThrottle::Refused refused) {
  const bool by_caller = refused != FailureThrottle::Refused::client;
  std::string message =
      by_caller
          ? "Token requests of this caller failed a moment ago or have not ended, so few more are sent for "
            "it. This one was not sent. Try again."
          : "Token requests of many callers failed a moment ago, so few are sent for users without a token. "
            "This one was not sent. Try again.";
  return oauth::TokenError{
      oauth::TokenError::Class::transient, std::string(kThrottled), std::move(message), 1,
      by_caller ? oauth::FetchFailure::caller_throttled : oauth::FetchFailure::client_throttled};
}

// A failure that others got a while ago is not what the server says now.
oauth::TokenError remembered(oauth::TokenError error, milliseconds age, milliseconds retry_in) {
  const auto past = std::chrono::floor<seconds>(age).count();
  const auto left = std::chrono::ceil<seconds>(retry_in).count();
  error.message +=
      " This failure happened " + (past > 0 ? std::to_string(past) + " s ago" : std::string("a moment ago")) +
      " and is remembered: no token is requested for this user for another " + std::to_string(left) + " s" +
      (oauth::outlives_restart(error) ? "." : ", or until httpd restarts (apachectl graceful is enough).");
  error.retry_after_seconds = left;
  return error;
}

// The duty that comes with a claim: it ends on every way out, or others would wait for its lease.
class Duty {
 public:
  Duty(TokenStore& store, const TokenKey& key, TokenStore::Claim claim)
      : store_(store), key_(key), claim_(claim) {}
  Duty(const Duty&) = delete;
  Duty& operator=(const Duty&) = delete;
  ~Duty() {
    if (done_) return;
    try {
      store_.fail(
          key_, claim_,
          transient("internal", "The token request was interrupted. The next one is sent after a pause."),
          kBrokenOffPause);
    } catch (...) {  // no memory even for that: the lease runs out
    }
  }

  void fulfil(const AccessToken& token) {
    store_.put(key_, claim_, token);
    done_ = true;
  }
  void give_up(const oauth::TokenError& error, seconds pause) {
    store_.fail(key_, claim_, error, pause);
    done_ = true;
  }
  void pass_on() { done_ = true; }

 private:
  TokenStore& store_;
  const TokenKey& key_;
  TokenStore::Claim claim_;
  bool done_ = false;
};

}  // namespace

struct TokenSource::Asked {
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
      running_(clock),
      throttles_(throttles) {
  if (!throttles_.room) throttles_.room = &own_room_;
}

Result<SuppliedToken, oauth::TokenError> TokenSource::token_for(std::string_view subject,
                                                                const CallerIdentity& caller) {
  return supply(subject, nullptr, caller);
}

Result<SuppliedToken, oauth::TokenError> TokenSource::renew(std::string_view subject,
                                                            const Secret& rejected) {
  return supply(subject, &rejected, {});
}

Result<SuppliedToken, oauth::TokenError> TokenSource::supply(std::string_view subject, const Secret* rejected,
                                                             const CallerIdentity& caller) {
  const TokenKey key = keys_.of(subject);
  const auto deadline = clock_.steady() + client_.wait_limit;
  BlockedThreadLimit::Slot stay(*throttles_.room);
  bool last_look = false;
  for (;;) {
    auto answer = store_.get_or_claim(key, client_.claim_lease, rejected);
    if (answer.state == State::failed)
      return Unexpected{remembered(std::move(*answer.error), answer.mint_age, answer.retry_in)};
    // It may have expired on its way here; then the store is asked once more.
    if (answer.state == State::fresh && clock_.now() < answer.token->expires_at)
      return given(key, std::move(answer), subject, rejected);
    if (!stay.may_wait(in_trouble(answer))) {
      if (answer.claim) store_.fail(key, *answer.claim, crowded(), seconds{0});
      return Unexpected{crowded()};
    }
    if (answer.claim && !answer.history && !rejected) return mint_first(key, answer, subject, caller);
    if (answer.claim) return mint(key, answer, subject, rejected);
    const auto left = std::chrono::ceil<milliseconds>(deadline - clock_.steady());
    if (last_look || left <= milliseconds{0}) {
      return Unexpected{
          transient("busy", "Another request is still waiting for this subject's token. Try again.")};
    }
    // When the mint becomes slow, too many may be waiting.
    const milliseconds longest =
        answer.mint_age < kSlowMint ? std::min(left, kSlowMint - answer.mint_age) : left;
    last_look = answer.state == State::fresh ||
                (store_.wait(key, longest) == TokenStore::Wait::timed_out && longest == left);
  }
}

bool TokenSource::in_trouble(const Answer& answer) const {
  return answer.after_failure || answer.mint_age >= kSlowMint || back_off_.in_trouble() || running_.slow();
}

Result<SuppliedToken, oauth::TokenError> TokenSource::given(const TokenKey& key, Answer answer,
                                                            std::string_view subject,
                                                            const Secret* rejected) {
  const UnixTime now = clock_.now();
  AccessToken& token = *answer.token;
  if (rejected && token.value == *rejected) {
    if (answer.claim)
      store_.fail(key, *answer.claim, renewal_paused(*client_.provider), RenewalHistory::kLongestPause);
    return Unexpected{not_renewed(key, token)};
  }
  const bool report_wanted = token.unproven || half_idle(token, now);
  SuppliedToken hit{std::move(token), SuppliedToken::Origin::hit, report_wanted};
  if (answer.claim) return renewed_early(key, *answer.claim, subject, std::move(hit));
  return hit;
}

// The old token serves when there is no new one. The same one again has got a longer life.
SuppliedToken TokenSource::renewed_early(const TokenKey& key, TokenStore::Claim claim,
                                         std::string_view subject, SuppliedToken old) {
  Duty duty(store_, key, claim);
  BlockedThreadLimit::Slot stay(*throttles_.room);
  if (!stay.may_wait(back_off_.in_trouble() || running_.slow())) {
    duty.give_up(crowded(), kLeastEarlyPause);
    return old;
  }
  auto asked = ask(key, subject);
  if (!asked) {
    duty.give_up(asked.error(), std::max(kLeastEarlyPause, back_off_.pause_after(asked.error())));
    return old;
  }
  AccessToken& token = asked->token;
  token.renewals = old.token.renewals;
  if (token.value == old.token.value) token.unproven = old.token.unproven;
  duty.fulfil(token);
  const bool report_wanted = token.unproven;
  return SuppliedToken{std::move(token), SuppliedToken::Origin::minted, report_wanted, asked->took};
}

// The server's idle timer is moved by every call, ours only by a success in the second half of the idle
// lifetime, so that most hits write nothing.
bool TokenSource::half_idle(const AccessToken& token, UnixTime now) const {
  return token.expires_at - now <= client_.idle_lifetime / 2 && token.expires_at < token.not_after;
}

void TokenSource::accepted(std::string_view subject, const AccessToken& token) {
  AccessToken proven = token;
  proven.unproven = false;
  proven.expires_at = std::min(clock_.now() + client_.idle_lifetime, token.not_after);
  store_.update(keys_.of(subject), proven);
}

void TokenSource::renewed_in_vain(std::string_view subject, const AccessToken& token) {
  store_.renewed_in_vain(keys_.of(subject), token.value);
}

// After the pause one renewal is tried again: what made the backend reject everything may be over.
oauth::TokenError TokenSource::not_renewed(const TokenKey& key, const AccessToken& token) {
  if (token.unproven) store_.renewed_in_vain(key, token.value);
  return token.renewals.exhausted(clock_.now()) ? renewed_too_often() : renewal_paused(*client_.provider);
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

// The refusal is of this caller, so it is not kept for others who ask for the same subject.
Result<SuppliedToken, oauth::TokenError> TokenSource::mint_first(const TokenKey& key, const Answer& answer,
                                                                 std::string_view subject,
                                                                 const CallerIdentity& caller) {
  Duty duty(store_, key, *answer.claim);
  const auto permit = permit_for(caller);
  if (!permit) {
    duty.give_up(throttled(permit.error()), seconds{0});
    return Unexpected{throttled(permit.error())};
  }
  duty.pass_on();
  auto token = mint(key, answer, subject, nullptr);
  if (token) {
    throttles_.failures.succeeded(*permit, clock_.steady());
  } else {
    throttles_.failures.failed(*permit, clock_.steady());
  }
  return token;
}

Result<SuppliedToken, oauth::TokenError> TokenSource::mint(const TokenKey& key, const Answer& answer,
                                                           std::string_view subject, const Secret* rejected) {
  Duty duty(store_, key, *answer.claim);
  auto asked = ask(key, subject);
  if (!asked) {
    oauth::TokenError error = std::move(asked).error();
    const seconds pause = back_off_.pause_after(error);
    duty.give_up(error, pause);
    error.retry_after_seconds = pause.count();
    return Unexpected{std::move(error)};
  }
  AccessToken& token = asked->token;
  const bool same_again = rejected && token.value == *rejected;
  token.renewals = answer.history.value_or(RenewalHistory{});
  if (same_again) token.renewals.in_vain(clock_.now());
  token.unproven = rejected && !same_again;
  duty.fulfil(token);
  if (same_again) return Unexpected{renewal_paused(*client_.provider)};
  using Origin = SuppliedToken::Origin;
  return SuppliedToken{std::move(token), rejected ? Origin::renewed : Origin::minted, rejected != nullptr,
                       asked->took};
}

Result<TokenSource::Asked, oauth::TokenError> TokenSource::ask(const TokenKey& key,
                                                               std::string_view subject) {
  // Lifetimes count from the question: the answer may have been on its way for long.
  const UnixTime asked_at = clock_.now();
  const auto begun = clock_.steady();
  const InFlightRequests::Run run(running_);
  auto grant = grants_.grant_for(subject);
  if (grant || grant.error().error_class != oauth::TokenError::Class::transient) back_off_.server_answered();
  if (!grant) return Unexpected{std::move(grant).error()};
  const auto took = std::chrono::floor<milliseconds>(clock_.steady() - begun);
  AccessToken token{std::move(grant->access_token), std::move(grant->instance_url), asked_at};
  token.not_after =
      asked_at + std::min(client_.absolute_lifetime, grant->expires_in.value_or(seconds::max()));
  Lifetimes{client_.idle_lifetime, client_.absolute_lifetime}.limit(token, key, asked_at);
  return Asked{std::move(token), took};
}

}  // namespace sfjwt::tokens
