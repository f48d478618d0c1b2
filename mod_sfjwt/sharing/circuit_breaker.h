// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace sfjwt::sharing {

/// Decides whether to call something that can fail: after a failure there is no call for kPause, then one
/// caller at a time tries. Thread-safe.
class CircuitBreaker {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::seconds kPause{5};

  /// If true, call it and report the outcome.
  bool may_try(Steady now) {
    std::int64_t next = next_try_;
    if (next == kNone) return true;
    return milliseconds(now) >= next && next_try_.compare_exchange_strong(next, milliseconds(now + kPause));
  }

  /// Returns true if it worked until now.
  bool failed(Steady now) { return next_try_.exchange(milliseconds(now + kPause)) == kNone; }

  /// Returns true if it did not work until now.
  bool worked() { return next_try_.exchange(kNone) != kNone; }

  /// The outcome shows neither: the next caller may try at once.
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
