// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace sfjwt::oauth {

/// How many token requests of one client id may fail: kBurst at once, then one a second. Subjects that
/// somebody invents must not wear out what the authorization server puts up with. The count is one number (a
/// virtual scheduling GCRA: the moment, in milliseconds of the steady clock, at which all failures so far are
/// paid for), which processes may share; a number that cannot be is taken for none.
class FailureLimit {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  static constexpr int kBurst = 60;

  /// Without a limit.
  FailureLimit() = default;

  /// `paid_at` is aligned memory that outlives the object.
  explicit FailureLimit(std::uint64_t& paid_at) : paid_at_(&paid_at) {}

  bool exhausted(Steady now) const {
    return paid_at_ && debt(std::atomic_ref(*paid_at_).load(), milliseconds(now)) > kMost - kEach;
  }

  /// One has failed.
  void spend(Steady now) const {
    if (!paid_at_) return;
    const std::atomic_ref paid_at(*paid_at_);
    std::uint64_t before = paid_at;
    const std::uint64_t time = milliseconds(now);
    while (!paid_at.compare_exchange_weak(before, time + std::min(debt(before, time) + kEach, kMost))) {
    }
  }

 private:
  static constexpr std::uint64_t kEach = 1000;
  static constexpr std::uint64_t kMost = kBurst * kEach;

  static std::uint64_t milliseconds(Steady time) {
    return static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count());
  }
  static std::uint64_t debt(std::uint64_t paid_at, std::uint64_t time) {
    return paid_at > time && paid_at - time <= kMost ? paid_at - time : 0;
  }

  std::uint64_t* paid_at_ = nullptr;
};

}  // namespace sfjwt::oauth
