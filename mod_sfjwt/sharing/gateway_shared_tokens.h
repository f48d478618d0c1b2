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

/// The tokens that gateways share through a store that none of them trusts. Every error counts as a missing
/// token: nothing here fails or throws, and a failing store is not used for a while
/// (sharing/circuit_breaker.h). Thread-safe; objects passed by reference must outlive it.
class GatewaySharedTokens {
 public:
  /// Events for the administrator, each reported when it begins.
  enum class StoreEvent {
    failing,  // the store fails or is too slow, and is not used for a while
    working,  // it works again
    foreign,  // it has a value under one of our ids that no key can decrypt; reported once
  };
  using Report = std::function<void(StoreEvent)>;

  /// The first seal encrypts; all of them decrypt, and their ids are looked up in this order.
  GatewaySharedTokens(SealedStore& store, std::vector<keys::Seal> seals, const Clock& clock, Report report);

  /// The token stored for the key, unless it is the token `rejected` (null: none was), which is removed.
  std::optional<tokens::SharedToken> find(const tokens::TokenKey& key, const Secret* rejected) noexcept;

  /// Stores a token for the other gateways, replacing the previous one, until it expires.
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
