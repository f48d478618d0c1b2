// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <limits>

namespace sfjwt::tokens {

/// Those threads of a process that ask an authorization server or wait for somebody who asks. While the
/// server is in trouble they may be at most half of all, so that the others go on serving those whose token
/// is there. Safe to call from several threads.
class BlockedThreadLimit {
 public:
  /// How many threads the process has; before that is said, there is no limit. One may always wait.
  void set_threads(std::size_t threads) { max_waiting_ = std::max<std::size_t>(threads / 2, 1); }

  /// The place of one thread, given up at its end.
  class Slot {
   public:
    explicit Slot(BlockedThreadLimit& limit) : limit_(limit) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() {
      if (waiting_) --limit_.waiting_;
    }

    /// Takes the place, or keeps it; false: there is trouble, and too many threads wait.
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
