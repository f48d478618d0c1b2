// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/oauth/recent_map.h"
#include "mod_sfjwt/oauth/token_store.h"

namespace sfjwt::oauth {

/// Tokens in the memory of one process, split into stripes with a mutex each so that callers seldom meet.
/// Holds at most about `capacity` tokens and as many failures, and forgets what was used longest ago.
/// Failures have places of their own, and a claim takes no place at all: however many subjects somebody
/// invents, no good token goes for them.
class LocalTokenStore final : public TokenStore {
 public:
  /// The clock outlives the store.
  explicit LocalTokenStore(const Clock& clock, std::size_t capacity = 16'384);

  Answer get_or_claim(const TokenKey& key, std::chrono::milliseconds lease, const Secret* rejected) override;
  void put(const TokenKey& key, Claim claim, const AccessToken& token) override;
  void fail(const TokenKey& key, Claim claim, const TokenError& error, std::chrono::seconds keep) override;
  void update(const TokenKey& key, const AccessToken& token) override;
  Wait wait(const TokenKey& key, std::chrono::milliseconds limit) override;

 private:
  using Steady = std::chrono::steady_clock::time_point;

  // The key is a cryptographic digest already.
  struct FirstBytes {
    std::size_t operator()(const TokenKey& key) const {
      std::size_t hash = 0;
      std::memcpy(&hash, key.data(), sizeof(hash));
      return hash;
    }
  };
  struct Failure {
    TokenError error;
    Steady until;
  };
  struct Mint {
    std::uint64_t generation;
    Steady lease_end;
  };
  struct Stripe {
    explicit Stripe(std::size_t capacity) : tokens(capacity), failures(capacity) {}

    std::mutex mutex;
    std::condition_variable changed;
    RecentMap<TokenKey, AccessToken, FirstBytes> tokens;
    RecentMap<TokenKey, Failure, FirstBytes> failures;
    std::unordered_map<TokenKey, Mint, FirstBytes> mints;
    std::uint64_t last_generation = 0;
  };

  Stripe& stripe_of(const TokenKey& key);
  Claim claim(Stripe& stripe, const TokenKey& key, std::chrono::milliseconds lease);
  static bool end_claim(Stripe& stripe, const TokenKey& key, Claim claim);

  const Clock& clock_;
  std::vector<std::unique_ptr<Stripe>> stripes_;
};

}  // namespace sfjwt::oauth
