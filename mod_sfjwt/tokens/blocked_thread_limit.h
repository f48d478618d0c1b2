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
  void set_threads(std::size_t threads) { places_ = std::max<std::size_t>(threads / 2, 1); }

  /// One thread's stay, which ends with it.
  class Slot {
   public:
    explicit Slot(BlockedThreadLimit& room) : room_(room) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() {
      if (inside_) --room_.inside_;
    }

    /// Comes in, or stays; false: there is trouble, and too many are inside.
    bool may_wait(bool trouble) {
      for (std::size_t inside = room_.inside_;;) {
        const std::size_t others = inside - (inside_ ? 1 : 0);
        const bool allowed = !trouble || others < room_.places_;
        if (allowed == inside_ || room_.inside_.compare_exchange_weak(inside, others + (allowed ? 1 : 0))) {
          inside_ = allowed;
          return allowed;
        }
      }
    }

   private:
    BlockedThreadLimit& room_;
    bool inside_ = false;
  };

 private:
  std::atomic<std::size_t> places_{std::numeric_limits<std::size_t>::max()};
  std::atomic<std::size_t> inside_{0};
};

}  // namespace sfjwt::tokens
