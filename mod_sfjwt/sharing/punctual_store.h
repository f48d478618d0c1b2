// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "mod_sfjwt/sharing/sealed_store.h"

namespace sfjwt::sharing {

/// A store whose callers wait at most for a limit, and as long for their turn, whatever the underlying store
/// does; an unfinished call counts as failed. A few threads, created on demand, call the store for all
/// callers. If all of them are stuck in it, all calls fail until one returns. (mod_socache_redis with
/// apr-util 1.6 waits forever, regardless of RedisTimeout.)
class PunctualStore final : public SealedStore {
 public:
  static constexpr std::size_t kThreads = 4;

  /// The store must outlive this object, and also the threads that are stuck in it at destruction.
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
