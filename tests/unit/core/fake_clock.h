// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>

#include "mod_sfjwt/core/clock.h"

namespace sfjwt {

/// A clock that only advances by advance() and sleep(). With sleep_moves_it(false) sleeping does not advance
/// it, as if all sleepers started at the same time.
class FakeClock final : public Clock {
 public:
  UnixTime now() const override { return UnixTime{std::chrono::seconds{now_.load()}}; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point{std::chrono::milliseconds{steady_.load()}};
  }
  void sleep(std::chrono::milliseconds time) const override {
    if (sleep_moves_it_) steady_ += time.count();
    slept_ += time.count();
  }
  void sleep_moves_it(bool moves) { sleep_moves_it_ = moves; }
  std::chrono::milliseconds slept() const { return std::chrono::milliseconds{slept_.load()}; }
  void advance(std::chrono::milliseconds by) {
    steady_ += by.count();
    now_ += std::chrono::floor<std::chrono::seconds>(by).count();
  }

 private:
  std::atomic<long long> now_{1'700'000'000};
  mutable std::atomic<long long> steady_{1'000'000};
  mutable std::atomic<long long> slept_{0};
  std::atomic<bool> sleep_moves_it_{true};
};

}  // namespace sfjwt
