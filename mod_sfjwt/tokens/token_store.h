// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/tokens/token.h"

namespace sfjwt::tokens {

/// What a token is stored under: SHA-256 over everything that makes one token another's (tokens/token_key.h).
using TokenKey = std::array<std::uint8_t, 32>;

/// Where tokens live between requests, and where callers agree on who fetches. Implementations are safe to
/// call from several threads; none of them holds a lock while a caller talks to the network.
class TokenStore {
 public:
  /// The right, and the obligation, to fetch for one key; ends by put, fail, or when its lease runs out.
  struct Claim {
    std::uint64_t generation = 0;
  };
  enum class Wait { changed, timed_out };

  /// There is a token that can be used.
  struct Fresh {
    AccessToken token;
    std::optional<Claim> early_renewal = std::nullopt;  // the next token is due: the caller fetches it now
  };

  /// There is none, and nobody else fetches: the caller fetches now.
  struct Claimed {
    Claim claim;
    bool after_failure = false;  // the last fetch failed
    // How the renewals of this subject went. Nothing: it is not known to have had a token.
    std::optional<RenewalHistory> history = std::nullopt;
  };

  /// Another caller fetches: wait, then ask again.
  struct Fetching {
    std::chrono::milliseconds age{};  // since it began
    bool after_failure = false;       // the fetch before that one failed
  };

  /// The last fetch failed, and nobody fetches before `retry_in` (at least 1) is over.
  struct Failed {
    oauth::TokenError error;
    std::chrono::milliseconds age{};  // since it failed
    std::chrono::milliseconds retry_in{};
  };

  using Answer = std::variant<Fresh, Claimed, Fetching, Failed>;

  virtual ~TokenStore() = default;

  /// `lease` bounds how long a claim is respected. A token equal to `rejected` (null: none was) is not the
  /// answer if it is renewable, and the claim for it counts as a renewal; all others are given it until put
  /// replaces it.
  virtual Answer get_or_claim(const TokenKey& key, std::chrono::milliseconds lease,
                              const Secret* rejected) = 0;

  /// What became of a token that was put.
  enum class Put {
    kept,
    too_large,   // for an entry of this store; nobody waits for it any more
    superseded,  // the claim no longer holds, since its lease ran out; nothing was changed
    no_lock,     // the store could not be locked; nothing was changed
  };

  /// Publishes what was fetched, if the claim still holds.
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
  virtual void rejected_again(const TokenKey& key, const Secret& value) = 0;

  /// Sleeps until the key's state may have changed, at most `limit`.
  virtual Wait wait(const TokenKey& key, std::chrono::milliseconds limit) = 0;
};

}  // namespace sfjwt::tokens
