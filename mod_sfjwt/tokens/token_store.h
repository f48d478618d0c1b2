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

/// The key of a token: SHA-256 over everything that distinguishes tokens (tokens/token_key.h).
using TokenKey = std::array<std::uint8_t, 32>;

/// Stores tokens between requests, and decides which caller fetches. Implementations are thread-safe; none of
/// them holds a lock while a caller uses the network.
class TokenStore {
 public:
  /// The right and the duty to fetch for one key; ended by put, fail, or the end of its lease.
  struct Claim {
    std::uint64_t generation = 0;
  };
  enum class Wait { changed, timed_out };

  /// There is a usable token.
  struct Fresh {
    AccessToken token;
    std::optional<Claim> early_renewal = std::nullopt;  // set if the caller has to fetch the next token now
  };

  /// There is no token, and nobody else fetches: the caller has to fetch now.
  struct Claimed {
    Claim claim;
    bool after_failure = false;  // the last fetch failed
    // The renewals of this subject; nullopt if it is not known to have had a token.
    std::optional<RenewalHistory> history = std::nullopt;
  };

  /// Another caller is fetching: wait, then ask again.
  struct Fetching {
    std::chrono::milliseconds age{};  // since the fetch began
    bool after_failure = false;       // the previous fetch failed
  };

  /// The last fetch failed, and nobody fetches before `retry_in` (at least 1) has passed.
  struct Failed {
    oauth::TokenError error;
    std::chrono::milliseconds age{};  // since the failure
    std::chrono::milliseconds retry_in{};
  };

  using Answer = std::variant<Fresh, Claimed, Fetching, Failed>;

  virtual ~TokenStore() = default;

  /// `lease` limits how long a claim is respected. A renewable token equal to `rejected` (null: none was) is
  /// not returned; the claim to replace it counts as a renewal. Other callers still get that token until put
  /// replaces it.
  virtual Answer get_or_claim(const TokenKey& key, std::chrono::milliseconds lease,
                              const Secret* rejected) = 0;

  /// The outcome of put.
  enum class Put {
    kept,
    too_large,   // for an entry of this store; waiters are released
    superseded,  // the claim is no longer valid, since its lease has ended; nothing was changed
    no_lock,     // the store could not be locked; nothing was changed
  };

  /// Stores a fetched token, if the claim is still valid.
  virtual Put put(const TokenKey& key, Claim claim, const AccessToken& token) = 0;

  /// Stores a failure for `keep`, or until a restart if it does not outlive that, and ends the claim. A fresh
  /// token is still returned meanwhile, but not renewed early.
  virtual void fail(const TokenKey& key, Claim claim, const oauth::TokenError& error,
                    std::chrono::seconds keep) = 0;

  /// Updates a token after its use, if the store still has this token: `expires_at`, which never decreases,
  /// and `unproven`. Returns false if the store has another token, or none.
  virtual bool update(const TokenKey& key, const AccessToken& token) = 0;

  /// A token that replaced a rejected one is rejected too: if the store still has this token, its renewal
  /// pauses.
  virtual void rejected_again(const TokenKey& key, const Secret& value) = 0;

  /// Sleeps until the state of the key may have changed, at most `limit`.
  virtual Wait wait(const TokenKey& key, std::chrono::milliseconds limit) = 0;
};

}  // namespace sfjwt::tokens
