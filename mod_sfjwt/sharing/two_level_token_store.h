// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/sharing/gateway_shared_tokens.h"
#include "mod_sfjwt/tokens/lifetimes.h"
#include "mod_sfjwt/tokens/token_store.h"

namespace sfjwt::sharing {

/// The tokens of this host, backed by those of other gateways. The caller that gets the claim to fetch first
/// checks whether another gateway has a token, so that each host asks once, regardless of its threads and
/// processes, and a local hit costs nothing extra. Holds no lock while it asks. Objects passed by reference
/// must outlive it.
class TwoLevelTokenStore final : public tokens::TokenStore {
 public:
  /// `lifetimes` are those of the client of these tokens; they also apply to tokens of other gateways.
  TwoLevelTokenStore(tokens::TokenStore& local, GatewaySharedTokens& shared, tokens::Lifetimes lifetimes,
                     const Clock& clock)
      : local_(local), shared_(shared), lifetimes_(lifetimes), clock_(clock) {}

  Answer get_or_claim(const tokens::TokenKey& key, std::chrono::milliseconds lease,
                      const Secret* rejected) override;
  Put put(const tokens::TokenKey& key, Claim claim, const tokens::AccessToken& token) override;
  void fail(const tokens::TokenKey& key, Claim claim, const oauth::TokenError& error,
            std::chrono::seconds keep) override;
  bool update(const tokens::TokenKey& key, const tokens::AccessToken& token) override;
  void rejected_again(const tokens::TokenKey& key, const Secret& value) override;
  Wait wait(const tokens::TokenKey& key, std::chrono::milliseconds limit) override;

 private:
  Answer put_found(const tokens::TokenKey& key, Claim claim, tokens::AccessToken token);
  std::optional<tokens::AccessToken> found(const tokens::TokenKey& key, const Secret* rejected);

  tokens::TokenStore& local_;
  GatewaySharedTokens& shared_;
  tokens::Lifetimes lifetimes_;
  const Clock& clock_;
};

}  // namespace sfjwt::sharing
