// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "mod_sfjwt/sharing/sealed_store.h"

namespace sfjwt::sharing {

/// A store in memory; a test can make it fail and observe each call.
class FakeSealedStore final : public SealedStore {
 public:
  Fetched fetch(const keys::SealedId& id) override {
    const std::lock_guard lock(mutex);
    ++calls;
    if (on_call) on_call();
    if (failing) return {};
    const auto found = values.find(id);
    if (forgets || found == values.end()) return {Outcome::nothing, {}};
    return {Outcome::done, found->second};
  }
  Outcome store(const keys::SealedId& id, UnixTime expires_at, std::string_view value) override {
    const std::lock_guard lock(mutex);
    ++calls;
    if (failing) return Outcome::failed;
    if (forgets) return Outcome::nothing;
    values[id] = value;
    expiries[id] = expires_at;
    return Outcome::done;
  }
  Outcome remove(const keys::SealedId& id) override {
    const std::lock_guard lock(mutex);
    ++calls;
    if (failing) return Outcome::failed;
    return values.erase(id) == 1 ? Outcome::done : Outcome::nothing;
  }

  std::mutex mutex;
  std::map<keys::SealedId, std::string> values;
  std::map<keys::SealedId, UnixTime> expiries;
  std::function<void()> on_call;
  int calls = 0;
  bool failing = false;
  bool forgets = false;
};

}  // namespace sfjwt::sharing
