// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/oauth/outage.h"
#include "mod_sfjwt/oauth/seal.h"
#include "mod_sfjwt/oauth/sealed_store.h"
#include "mod_sfjwt/oauth/token_record.h"
#include "mod_sfjwt/oauth/token_store.h"

namespace sfjwt::oauth {

/// The tokens that gateways share through a store none of them trusts. Everything that goes wrong is a token
/// that is not there: nothing here fails or throws, and a store in trouble is left alone for a while
/// (oauth/outage.h). Safe to call from several threads; what is passed by reference outlives it.
class SharedTokens {
 public:
  /// What an administrator is to be told, each when it begins.
  enum class News {
    failing,  // the store fails or is too slow, and is not asked for a while
    working,  // it does not fail any more
    foreign,  // it holds something under an id of ours that no key opens; told once
  };
  using Report = std::function<void(News)>;

  /// Values are closed with the first seal; all seals open, and their ids are looked up in this order.
  SharedTokens(SealedStore& store, std::vector<Seal> seals, const Clock& clock, Report report);

  /// What is stored for the key, unless it is the token `rejected` (null: none was), which is removed.
  std::optional<SharedToken> find(const TokenKey& key, const Secret* rejected) noexcept;

  /// Stores a token in the place of what was there, for others to find until it expires.
  void keep(const TokenKey& key, const SharedToken& shared) noexcept;

 private:
  std::optional<SharedToken> find_by(const Seal& seal, const TokenKey& key, const Secret* rejected);
  void note(SealedStore::Outcome outcome);

  SealedStore& store_;
  std::vector<Seal> seals_;
  const Clock& clock_;
  Report report_;
  Outage outage_;
  std::atomic<bool> foreign_{false};
};

}  // namespace sfjwt::oauth
