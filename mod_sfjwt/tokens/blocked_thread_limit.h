// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <limits>

namespace sfjwt::tokens {

/// Limits the threads of a process that are blocked by an authorization server: those that send a request to
/// it and those that wait for one. While the server is in trouble, at most half of all threads may be
/// blocked, so that the rest can serve requests whose token is cached. Thread-safe.
class BlockedThreadLimit {
 public:
  /// Sets the number of threads of the process; without it there is no limit. At least one thread may always
  /// wait.
  void set_threads(std::size_t threads) { max_waiting_ = std::max<std::size_t>(threads / 2, 1); }

  /// The slot of one thread, released on destruction.
  class Slot {
   public:
    explicit Slot(BlockedThreadLimit& limit) : limit_(limit) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() {
      if (waiting_) --limit_.waiting_;
    }

    /// Takes or keeps the slot; false if there is trouble and too many threads wait.
    bool may_wait(bool trouble) {
      for (std::size_t waiting = limit_.waiting_;;) {
        const std::size_t others = waiting - (waiting_ ? 1 : 0);
        const bool allowed = !trouble || others < limit_.max_waiting_;
        if (allowed == waiting_ ||
            limit_.waiting_.compare_exchange_weak(waiting, others + (allowed ? 1 : 0))) {
          waiting_ = allowed;
          return allowed;
        }
      }
    }

   private:
    BlockedThreadLimit& limit_;
    bool waiting_ = false;
  };

 private:
  std::atomic<std::size_t> max_waiting_{std::numeric_limits<std::size_t>::max()};
  std::atomic<std::size_t> waiting_{0};
};

}  // namespace sfjwt::tokens
