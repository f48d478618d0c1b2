// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <type_traits>
#include <variant>

#include "mod_sfjwt/tokens/token_store.h"

namespace sfjwt::tokens {

/// The alternatives of an answer, by their names.
enum class State { fresh, claimed, fetching, failed };
static_assert(std::is_same_v<TokenStore::Answer, std::variant<TokenStore::Fresh, TokenStore::Claimed,
                                                              TokenStore::Fetching, TokenStore::Failed>>);

inline State state_of(const TokenStore::Answer& answer) {
  return static_cast<State>(answer.index());
}

/// The claim of an answer, also one to renew early.
inline std::optional<TokenStore::Claim> claim_in(const TokenStore::Answer& answer) {
  if (const auto* claimed = std::get_if<TokenStore::Claimed>(&answer)) return claimed->claim;
  const auto* fresh = std::get_if<TokenStore::Fresh>(&answer);
  return fresh ? fresh->early_renewal : std::nullopt;
}

inline std::optional<AccessToken> token_in(const TokenStore::Answer& answer) {
  const auto* fresh = std::get_if<TokenStore::Fresh>(&answer);
  return fresh ? std::optional(fresh->token) : std::nullopt;
}

/// What is known of the subject that was claimed.
inline std::optional<RenewalHistory> history_in(const TokenStore::Answer& answer) {
  const auto* claimed = std::get_if<TokenStore::Claimed>(&answer);
  return claimed ? claimed->history : std::nullopt;
}

}  // namespace sfjwt::tokens
