// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/keys/seal.h"
#include "mod_sfjwt/sharing/circuit_breaker.h"
#include "mod_sfjwt/sharing/sealed_store.h"
#include "mod_sfjwt/tokens/token_record.h"
#include "mod_sfjwt/tokens/token_store.h"

namespace sfjwt::sharing {

/// The tokens that gateways share through a store none of them trusts. Everything that goes wrong is a token
/// that is not there: nothing here fails or throws, and a store in trouble is left alone for a while
/// (sharing/circuit_breaker.h). Safe to call from several threads; what is passed by reference outlives it.
class GatewaySharedTokens {
 public:
  /// What an administrator is to be told, each when it begins.
  enum class StoreEvent {
    failing,  // the store fails or is too slow, and is not asked for a while
    working,  // it does not fail any more
    foreign,  // it holds something under an id of ours that no key opens; told once
  };
  using Report = std::function<void(StoreEvent)>;

  /// Values are closed with the first seal; all seals open, and their ids are looked up in this order.
  GatewaySharedTokens(SealedStore& store, std::vector<keys::Seal> seals, const Clock& clock, Report report);

  /// What is stored for the key, unless it is the token `rejected` (null: none was), which is removed.
  std::optional<tokens::SharedToken> find(const tokens::TokenKey& key, const Secret* rejected) noexcept;

  /// Stores a token in the place of what was there, for others to find until it expires.
  void keep(const tokens::TokenKey& key, const tokens::SharedToken& shared) noexcept;

 private:
  std::optional<tokens::SharedToken> find_by(const keys::Seal& seal, const tokens::TokenKey& key,
                                             const Secret* rejected);
  void note(SealedStore::Outcome outcome);

  SealedStore& store_;
  std::vector<keys::Seal> seals_;
  const Clock& clock_;
  Report report_;
  CircuitBreaker breaker_;
  std::atomic<bool> foreign_{false};
};

}  // namespace sfjwt::sharing
