// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/grant_source.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "mod_sfjwt/keys/random.h"
#include "mod_sfjwt/oauth/assertion.h"
#include "mod_sfjwt/oauth/wording.h"

namespace sfjwt::oauth {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortestRetryDelay{100};
constexpr milliseconds kLongestRetryDelay{300};
constexpr milliseconds kLeastTime{500};  // for the second request

struct TransportFailure {
  FetchFailure cause;
  std::string_view code;
};

TransportFailure failure_of(TransportError::Cause cause) {
  using Cause = TransportError::Cause;
  switch (cause) {
    case Cause::unreachable:
      return {FetchFailure::unreachable, "unreachable"};
    case Cause::timed_out:
      return {FetchFailure::timed_out, "timed_out"};
    case Cause::tls:  // an untrusted certificate: an administrator must act
      return {FetchFailure::tls, "tls"};
    case Cause::too_large:
      return {FetchFailure::reply, "too_large"};
    case Cause::protocol:
      break;
  }
  return {FetchFailure::exchange, "protocol"};
}

TokenError error_of(const TransportError& error) {
  const auto [cause, code] = failure_of(error.cause);
  return TokenError{class_of(cause), std::string(code), error.message, std::nullopt, cause};
}

// Whether an immediate retry may succeed. Not if the server limits the rate, nor after a timeout, which has
// already used up the time.
bool may_pass(const TokenError& error) {
  if (error.retry_after_seconds.value_or(0) > 0 || error.code == "http_408") return false;
  return error.cause == FetchFailure::server || error.cause == FetchFailure::unreachable ||
         error.cause == FetchFailure::exchange;
}

milliseconds retry_delay() {
  constexpr auto kSpread = static_cast<std::uint32_t>((kLongestRetryDelay - kShortestRetryDelay).count());
  return kShortestRetryDelay + milliseconds{keys::random_below(kSpread + 1)};
}

// Whether the server accepted the signature: only then does it check the user.
bool accepts_the_key(const Result<Grant, TokenError>& grant) {
  if (grant) return true;
  const FetchFailure cause = grant.error().cause;
  return cause == FetchFailure::approval || cause == FetchFailure::app_access || cause == FetchFailure::user;
}

}  // namespace

GrantSource::GrantSource(const Client& client, keys::SigningKeys keys, Transport& transport,
                         const Clock& clock, FetchCounters* counters)
    : client_(client),
      keys_(std::move(keys)),
      choice_(clock),
      transport_(transport),
      clock_(clock),
      counters_(counters) {}

Result<Grant, TokenError> GrantSource::grant_for(std::string_view subject) {
  const Steady deadline = clock_.steady() + client_.request_limit;
  auto grant = request(subject, Steady::max());
  if (!grant && may_pass(grant.error())) {
    const milliseconds delay = retry_delay();
    if (clock_.steady() + delay + kLeastTime <= deadline) {
      clock_.sleep(delay);
      if (counters_) ++counters_->repeated;
      grant = request(subject, deadline);
    }
  }
  if (counters_ && grant) ++counters_->granted;
  if (counters_ && !grant) counters_->count_failure(grant.error().cause);
  return grant;
}

Result<Grant, TokenError> GrantSource::request(std::string_view subject, Steady deadline) {
  return keys_.second ? ask_with_either_key(subject, deadline) : ask(subject, keys_.first, deadline);
}

Result<Grant, TokenError> GrantSource::ask_with_either_key(std::string_view subject, Steady deadline) {
  const auto key_of = [this](const keys::KeyChoice::Turn& turn) -> const keys::SigningKey& {
    return turn.key() == keys::KeyChoice::Which::first ? keys_.first : *keys_.second;
  };
  keys::KeyChoice::Turn turn(choice_);
  auto grant = ask(subject, key_of(turn), deadline);
  while (!grant && grant.error().cause == FetchFailure::assertion && turn.refused()) {
    if (counters_) ++counters_->other_key;
    grant = ask(subject, key_of(turn), deadline);
  }
  if (accepts_the_key(grant)) turn.accepted();
  return grant;
}

Result<Grant, TokenError> GrantSource::ask(std::string_view subject, const keys::SigningKey& key,
                                           Steady deadline) {
  const auto assertion = signed_assertion(client_, subject, key, clock_.now());
  if (!assertion) {
    return Unexpected{TokenError{class_of(FetchFailure::signing), "no_assertion",
                                 "No assertion could be made: " + assertion.error() + ".", std::nullopt,
                                 FetchFailure::signing}};
  }
  const auto left = std::chrono::floor<milliseconds>(deadline - clock_.steady());
  const auto reply = transport_.post_form(client_.token_endpoint, token_request_form(client_, *assertion),
                                          std::max(left, milliseconds{1}));
  if (!reply) return without_echo(Unexpected{error_of(reply.error())}, *assertion);
  return without_echo(read_token_reply(*reply, client_, clock_.now()), *assertion);
}

// The last check of a message before it goes to logs and faults, whatever its source.
Result<Grant, TokenError> GrantSource::without_echo(Result<Grant, TokenError> grant,
                                                    const Secret& assertion) const {
  if (grant) return grant;
  TokenError& error = grant.error();
  const auto sent = [&](std::string_view text) {
    return echoes(text, assertion.reveal()) || echoes(text, client_.client_secret.reveal());
  };
  if (sent(error.code)) error.code = "echo";
  if (sent(error.message)) {
    error.message =
        "The token endpoint failed with a text that repeats a part of what was sent to it, and is not shown "
        "for that reason. Setup > Login History may name the cause.";
  }
  return grant;
}

}  // namespace sfjwt::oauth
