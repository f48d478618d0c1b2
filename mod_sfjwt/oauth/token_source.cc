// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/token_source.h"

#include <algorithm>
#include <string>
#include <utility>

#include "mod_sfjwt/oauth/assertion.h"
#include "mod_sfjwt/oauth/token_reply.h"

namespace sfjwt::oauth {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using State = TokenStore::Answer::State;

// How long a failure is answered without another try.
constexpr seconds kPermanentPause{30};
constexpr seconds kTransientPause{2};
constexpr seconds kLongestPause{60};  // a server cannot ask for more

seconds pause_after(const TokenError& error) {
  switch (error.error_class) {
    case TokenError::Class::subject:
    case TokenError::Class::configuration:
      return kPermanentPause;
    case TokenError::Class::transient:
      break;
  }
  const seconds asked{std::clamp(error.retry_after_seconds.value_or(0), 0L, long{kLongestPause.count()})};
  return std::max(asked, kTransientPause);
}

TokenError error_of(const TransportError& failure) {
  using Cause = TransportError::Cause;
  TokenError error{TokenError::Class::transient, {}, failure.message, std::nullopt};
  switch (failure.cause) {
    case Cause::unreachable:
      error.code = "unreachable";
      break;
    case Cause::timed_out:
      error.code = "timed_out";
      break;
    case Cause::protocol:
      error.code = "protocol";
      break;
    case Cause::tls:  // a certificate that is not trusted: an administrator must act
      error.code = "tls";
      error.error_class = TokenError::Class::configuration;
      break;
    case Cause::too_large:
      error.code = "too_large";
      error.error_class = TokenError::Class::configuration;
      break;
  }
  return error;
}

TokenError transient(std::string code, std::string message) {
  return TokenError{TokenError::Class::transient, std::move(code), std::move(message), std::nullopt};
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
      store_.fail(key_, claim_, transient("internal", "The token request was broken off. It is tried again."),
                  kTransientPause);
    } catch (...) {  // no memory even for that: the lease runs out
    }
  }

  void fulfil(const AccessToken& token) {
    store_.put(key_, claim_, token);
    done_ = true;
  }
  void give_up(const TokenError& error) {
    store_.fail(key_, claim_, error, pause_after(error));
    done_ = true;
  }

 private:
  TokenStore& store_;
  const TokenKey& key_;
  TokenStore::Claim claim_;
  bool done_ = false;
};

}  // namespace

TokenSource::TokenSource(Client client, SigningKey key, TokenStore& store, Transport& transport,
                         const Clock& clock)
    : client_(std::move(client)),
      key_(std::move(key)),
      keys_(client_),
      store_(store),
      transport_(transport),
      clock_(clock) {}

Result<SuppliedToken, TokenError> TokenSource::token_for(std::string_view subject) {
  const TokenKey key = keys_.of(subject);
  const auto deadline = clock_.steady() + client_.wait_limit;
  bool last_look = false;
  for (;;) {
    auto answer = store_.get_or_claim(key, client_.claim_lease);
    if (answer.state == State::claimed) return mint(key, answer.claim, subject);
    if (answer.state == State::failed) return Unexpected{std::move(*answer.error)};
    if (answer.state == State::fresh) {
      const UnixTime now = clock_.now();
      if (now < answer.token->expires_at) {
        keep_alive(key, *answer.token, now);
        return SuppliedToken{std::move(*answer.token), SuppliedToken::Origin::hit};
      }
      store_.drop(key, answer.token->value);  // it expired on its way here
    }
    const auto left = std::chrono::ceil<milliseconds>(deadline - clock_.steady());
    if (last_look || left <= milliseconds{0}) {
      return Unexpected{
          transient("busy", "Another request is still waiting for this subject's token. Try again.")};
    }
    last_look = answer.state == State::fresh || store_.wait(key, left) == TokenStore::Wait::timed_out;
  }
}

// The server's idle timer is moved by every call, ours only by a use in the second half of the idle lifetime,
// so that most hits write nothing.
void TokenSource::keep_alive(const TokenKey& key, const AccessToken& token, UnixTime now) {
  if (token.expires_at - now > client_.idle_lifetime / 2) return;
  const UnixTime extended = std::min(now + client_.idle_lifetime, token.not_after);
  if (extended > token.expires_at) store_.extend(key, token, extended);
}

Result<SuppliedToken, TokenError> TokenSource::mint(const TokenKey& key, TokenStore::Claim claim,
                                                    std::string_view subject) {
  Duty duty(store_, key, claim);
  auto token = ask(subject);
  if (!token) {
    duty.give_up(token.error());
    return Unexpected{std::move(token).error()};
  }
  duty.fulfil(*token);
  return SuppliedToken{std::move(*token), SuppliedToken::Origin::minted};
}

Result<AccessToken, TokenError> TokenSource::ask(std::string_view subject) {
  // Lifetimes count from the question: the answer may have been on its way for long.
  const UnixTime asked_at = clock_.now();
  const auto assertion = signed_assertion(client_, subject, key_, asked_at);
  if (!assertion) {
    return Unexpected{TokenError{TokenError::Class::configuration, "no_assertion",
                                 "No assertion could be made: " + assertion.error() + ".", std::nullopt}};
  }
  const auto reply = transport_.post_form(client_.token_endpoint, token_request_form(client_, *assertion));
  if (!reply) return Unexpected{error_of(reply.error())};
  auto grant = read_token_reply(*reply, client_, clock_.now());
  if (!grant) return Unexpected{std::move(grant).error()};
  AccessToken token{std::move(grant->access_token), std::move(grant->instance_url), asked_at, {}, {}};
  token.not_after =
      asked_at + std::min(client_.absolute_lifetime, grant->expires_in.value_or(seconds::max()));
  token.expires_at = std::min(asked_at + client_.idle_lifetime, token.not_after);
  return token;
}

}  // namespace sfjwt::oauth
