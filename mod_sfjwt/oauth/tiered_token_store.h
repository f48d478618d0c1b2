// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/oauth/lifetimes.h"
#include "mod_sfjwt/oauth/shared_tokens.h"
#include "mod_sfjwt/oauth/token_store.h"

namespace sfjwt::oauth {

/// The tokens of this host with those of other gateways behind them. Whoever gets the claim to mint first
/// looks whether another gateway has a token, so that each host asks once whatever its threads and processes
/// do, and a hit costs nothing more. Holds no lock while it asks. What is passed by reference outlives it.
class TieredTokenStore final : public TokenStore {
 public:
  /// `lifetimes`: those of the client whose tokens these are; tokens of other gateways live by them, too.
  TieredTokenStore(TokenStore& local, SharedTokens& shared, Lifetimes lifetimes, const Clock& clock)
      : local_(local), shared_(shared), lifetimes_(lifetimes), clock_(clock) {}

  Answer get_or_claim(const TokenKey& key, std::chrono::milliseconds lease, const Secret* rejected) override;
  Put put(const TokenKey& key, Claim claim, const AccessToken& token) override;
  void fail(const TokenKey& key, Claim claim, const TokenError& error, std::chrono::seconds keep) override;
  bool update(const TokenKey& key, const AccessToken& token) override;
  void renewed_in_vain(const TokenKey& key, const Secret& value) override;
  Wait wait(const TokenKey& key, std::chrono::milliseconds limit) override;

 private:
  void look_further(const TokenKey& key, const Secret* rejected, Answer& answer);
  std::optional<AccessToken> found(const TokenKey& key, const Secret* rejected);

  TokenStore& local_;
  SharedTokens& shared_;
  Lifetimes lifetimes_;
  const Clock& clock_;
};

}  // namespace sfjwt::oauth
