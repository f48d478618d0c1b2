// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/sharing/tiered_token_store.h"

#include <algorithm>
#include <utility>

namespace sfjwt::sharing {

using State = tokens::TokenStore::Answer::State;

tokens::TokenStore::Answer TieredTokenStore::get_or_claim(const tokens::TokenKey& key,
                                                          std::chrono::milliseconds lease,
                                                          const Secret* rejected) {
  Answer answer = local_.get_or_claim(key, lease, rejected);
  if (answer.claim) look_further(key, rejected, answer);
  return answer;
}

void TieredTokenStore::look_further(const tokens::TokenKey& key, const Secret* rejected, Answer& answer) {
  auto token = found(key, rejected);
  // While the old one serves, only one that need not be renewed itself is better.
  const bool early = answer.state == State::fresh;
  if (!token || (early && token->renew_at <= clock_.now())) return;
  if (answer.history) token->renewals = *answer.history;
  local_.put(key, *answer.claim, *token);
  answer = Answer{State::fresh, std::move(token), {}, {}, {}, false};
}

// The clock of the other gateway may be wrong, and its lifetimes longer.
std::optional<tokens::AccessToken> TieredTokenStore::found(const tokens::TokenKey& key,
                                                           const Secret* rejected) {
  auto shared = shared_.find(key, rejected);
  if (!shared) return std::nullopt;
  const UnixTime now = clock_.now();
  tokens::AccessToken& token = shared->token;
  if (token.not_after <= now || token.issued_at <= now - lifetimes_.absolute) return std::nullopt;
  token.issued_at = std::min(token.issued_at, now);
  lifetimes_.limit(token, key, std::clamp(shared->used_at, token.issued_at, now));
  if (token.expires_at <= now) return std::nullopt;
  return std::move(token);
}

// Those who wait here are served before the others are told.
tokens::TokenStore::Put TieredTokenStore::put(const tokens::TokenKey& key, Claim claim,
                                              const tokens::AccessToken& token) {
  const Put result = local_.put(key, claim, token);
  if (!token.renewals.paused(clock_.now())) shared_.keep(key, {token, token.issued_at});
  return result;
}

void TieredTokenStore::fail(const tokens::TokenKey& key, Claim claim, const oauth::TokenError& error,
                            std::chrono::seconds keep) {
  local_.fail(key, claim, error, keep);
}

// A token that was taken lives longer for all.
bool TieredTokenStore::update(const tokens::TokenKey& key, const tokens::AccessToken& token) {
  const bool updated = local_.update(key, token);
  const UnixTime now = clock_.now();
  if (updated && token.renewable(now)) shared_.keep(key, {token, now});
  return updated;
}

void TieredTokenStore::renewed_in_vain(const tokens::TokenKey& key, const Secret& value) {
  local_.renewed_in_vain(key, value);
}

tokens::TokenStore::Wait TieredTokenStore::wait(const tokens::TokenKey& key,
                                                std::chrono::milliseconds limit) {
  return local_.wait(key, limit);
}

}  // namespace sfjwt::sharing
