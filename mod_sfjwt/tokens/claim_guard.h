// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/tokens/supply_error.h"
#include "mod_sfjwt/tokens/token_store.h"

namespace sfjwt::tokens {

/// Holds a claim and releases it on destruction; otherwise all others would wait until its lease ends. Store
/// and key must outlive it.
class ClaimGuard {
 public:
  ClaimGuard(TokenStore& store, const TokenKey& key, TokenStore::Claim claim)
      : store_(store), key_(key), claim_(claim) {}
  ClaimGuard(const ClaimGuard&) = delete;
  ClaimGuard& operator=(const ClaimGuard&) = delete;
  ~ClaimGuard() {
    if (ended_) return;
    try {
      store_.fail(key_, claim_, fetch_interrupted(), kInterruptedPause);
    } catch (...) {  // out of memory: the lease ends the claim
    }
  }

  void put(const AccessToken& token) {
    store_.put(key_, claim_, token);
    ended_ = true;
  }

  /// `pause`: how long nobody else fetches.
  void fail(const oauth::TokenError& error, std::chrono::seconds pause) {
    store_.fail(key_, claim_, error, pause);
    ended_ = true;
  }

 private:
  static constexpr std::chrono::seconds kInterruptedPause{2};

  TokenStore& store_;
  const TokenKey& key_;
  TokenStore::Claim claim_;
  bool ended_ = false;
};

}  // namespace sfjwt::tokens
