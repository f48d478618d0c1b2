// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/tokens/token.h"

namespace sfjwt::tokens {

/// What a token is stored under: SHA-256 over everything that makes one token another's (tokens/token_key.h).
using TokenKey = std::array<std::uint8_t, 32>;

/// Where tokens live between requests, and where callers agree on who mints. Implementations are safe to call
/// from several threads; none of them holds a lock while a caller talks to the network.
class TokenStore {
 public:
  /// The right, and the duty, to mint for one key; ends by put, fail, or when its lease runs out.
  struct Claim {
    std::uint64_t generation = 0;
  };
  enum class Wait { changed, timed_out };

  /// What the store says to a caller who wants a token.
  struct Answer {
    enum class State {
      fresh,    // token holds it
      claimed,  // nobody had it: the caller mints now, under `claim`
      minting,  // somebody else mints: wait, then ask again
      failed,   // the last mint failed: error holds why, and nothing is tried before retry_in is over
    } state;
    std::optional<AccessToken> token;
    std::optional<oauth::TokenError> error;
    std::optional<Claim> claim;  // with fresh: it is time for the next one, and the caller is to mint it now
    std::chrono::milliseconds mint_age{};  // minting, failed: since when
    bool after_failure = false;            // minting, claimed: the last mint failed
    // With a claim: how the renewals of this subject went. Nothing: it is not known to have had a token.
    std::optional<RenewalHistory> history = std::nullopt;
    std::chrono::milliseconds retry_in{};  // failed: at least 1
  };

  virtual ~TokenStore() = default;

  /// A fresh token, or the claim, or the fact that another has it. `lease` bounds how long a claim is
  /// respected. A token equal to `rejected` (null: none was) is not the answer if it is renewable, and the
  /// claim for it counts as a renewal; all others are given it until put replaces it.
  virtual Answer get_or_claim(const TokenKey& key, std::chrono::milliseconds lease,
                              const Secret* rejected) = 0;

  /// What became of a token that was put.
  enum class Put {
    kept,
    too_large,   // for an entry of this store; nobody waits for it any more
    superseded,  // the claim no longer holds, since its lease ran out; nothing was changed
    no_lock,     // the store could not be locked; nothing was changed
  };

  /// Publishes what was minted, if the claim still holds.
  virtual Put put(const TokenKey& key, Claim claim, const AccessToken& token) = 0;

  /// Publishes a failure for `keep`, or until a restart if it does not outlive that, and gives up the claim.
  /// A fresh token that is there is given all the same, and is not asked to be renewed early for that long.
  virtual void fail(const TokenKey& key, Claim claim, const oauth::TokenError& error,
                    std::chrono::seconds keep) = 0;

  /// Takes over what use has taught about a token, if the one held is still this one: `expires_at`, which
  /// never moves back, and `unproven`. False: it holds another one, or none.
  virtual bool update(const TokenKey& key, const AccessToken& token) = 0;

  /// The token was given in place of a rejected one and is rejected too: if the one held is still this one,
  /// its renewal pauses.
  virtual void renewed_in_vain(const TokenKey& key, const Secret& value) = 0;

  /// Sleeps until the key's state may have changed, at most `limit`.
  virtual Wait wait(const TokenKey& key, std::chrono::milliseconds limit) = 0;
};

}  // namespace sfjwt::tokens
