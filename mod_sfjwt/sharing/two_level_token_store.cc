// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/sharing/two_level_token_store.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace sfjwt::sharing {

tokens::TokenStore::Answer TwoLevelTokenStore::get_or_claim(const tokens::TokenKey& key,
                                                            std::chrono::milliseconds lease,
                                                            const Secret* rejected) {
  Answer answer = local_.get_or_claim(key, lease, rejected);
  if (const auto* claimed = std::get_if<Claimed>(&answer)) {
    if (auto token = found(key, rejected)) {
      if (claimed->history) token->renewals = *claimed->history;
      return put_found(key, claimed->claim, std::move(*token));
    }
  } else if (const auto* fresh = std::get_if<Fresh>(&answer); fresh && fresh->early_renewal) {
    // While the old token is usable, only one that is not due for renewal itself is better.
    if (auto token = found(key, rejected); token && token->renew_at > clock_.now()) {
      token->renewals = fresh->token.renewals;
      return put_found(key, *fresh->early_renewal, std::move(*token));
    }
  }
  return answer;
}

tokens::TokenStore::Answer TwoLevelTokenStore::put_found(const tokens::TokenKey& key, Claim claim,
                                                         tokens::AccessToken token) {
  local_.put(key, claim, token);
  return Fresh{std::move(token)};
}

// The clock of the other gateway may be wrong, and its lifetimes longer.
std::optional<tokens::AccessToken> TwoLevelTokenStore::found(const tokens::TokenKey& key,
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

// Local waiters get the token before the other gateways do.
tokens::TokenStore::Put TwoLevelTokenStore::put(const tokens::TokenKey& key, Claim claim,
                                                const tokens::AccessToken& token) {
  const Put result = local_.put(key, claim, token);
  if (!token.renewals.paused(clock_.now())) shared_.keep(key, {token, token.issued_at});
  return result;
}

void TwoLevelTokenStore::fail(const tokens::TokenKey& key, Claim claim, const oauth::TokenError& error,
                              std::chrono::seconds keep) {
  local_.fail(key, claim, error, keep);
}

// A token that the backend accepted has a longer lifetime for all gateways.
bool TwoLevelTokenStore::update(const tokens::TokenKey& key, const tokens::AccessToken& token) {
  const bool updated = local_.update(key, token);
  const UnixTime now = clock_.now();
  if (updated && token.renewable(now)) shared_.keep(key, {token, now});
  return updated;
}

void TwoLevelTokenStore::rejected_again(const tokens::TokenKey& key, const Secret& value) {
  local_.rejected_again(key, value);
}

tokens::TokenStore::Wait TwoLevelTokenStore::wait(const tokens::TokenKey& key,
                                                  std::chrono::milliseconds limit) {
  return local_.wait(key, limit);
}

}  // namespace sfjwt::sharing
