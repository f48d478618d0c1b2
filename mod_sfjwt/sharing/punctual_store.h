// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "mod_sfjwt/sharing/sealed_store.h"

namespace sfjwt::sharing {

/// A store whose callers wait no longer than a limit, and as long for their turn, whatever the store does:
/// what is not done then counts as failed. A few threads of its own, begun as they are needed, talk to the
/// store for all callers; when the store does not come back to any of them, all calls fail until it does.
/// (mod_socache_redis with apr-util 1.6 waits for ever, whatever RedisTimeout says.)
class PunctualStore final : public SealedStore {
 public:
  static constexpr std::size_t kThreads = 4;

  /// The store outlives this object, and threads that are stuck in the store when it ends.
  PunctualStore(SealedStore& store, std::chrono::milliseconds limit, std::size_t most_threads = kThreads);
  PunctualStore(const PunctualStore&) = delete;
  PunctualStore& operator=(const PunctualStore&) = delete;
  ~PunctualStore() override;

  Fetched fetch(const keys::SealedId& id) override;
  Outcome store(const keys::SealedId& id, UnixTime expires_at, std::string_view value) override;
  Outcome remove(const keys::SealedId& id) override;

 private:
  struct Errand;
  struct Desk;

  Fetched run(std::function<Fetched(SealedStore&)> task);
  bool add_thread();
  static void work(const std::shared_ptr<Desk>& desk);

  std::chrono::milliseconds limit_;
  std::size_t most_threads_;
  std::shared_ptr<Desk> desk_;
};

}  // namespace sfjwt::sharing
