// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace sfjwt::sharing {

/// Whether something that may fail is asked at all: after a failure nobody does for kPause, then one caller
/// at a time tries. Safe to use from several threads.
class CircuitBreaker {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::seconds kPause{5};

  /// True: ask, and tell what came of it.
  bool may_try(Steady now) {
    std::int64_t next = next_try_;
    if (next == kNone) return true;
    return milliseconds(now) >= next && next_try_.compare_exchange_strong(next, milliseconds(now + kPause));
  }

  /// True: it worked until now.
  bool failed(Steady now) { return next_try_.exchange(milliseconds(now + kPause)) == kNone; }

  /// True: it did not work until now.
  bool worked() { return next_try_.exchange(kNone) != kNone; }

  /// What came does not tell whether it works: the next caller may try at once.
  void unclear(Steady now) {
    std::int64_t next = next_try_;
    if (next != kNone) next_try_.compare_exchange_strong(next, milliseconds(now));
  }

 private:
  static constexpr std::int64_t kNone = INT64_MIN;

  static std::int64_t milliseconds(Steady time) {
    return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  }

  std::atomic<std::int64_t> next_try_{kNone};
};

}  // namespace sfjwt::sharing
