// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>

#include "mod_sfjwt/core/clock.h"

namespace sfjwt::oauth {

/// A clock that stands still until it is told to go on.
class FakeClock final : public Clock {
 public:
  UnixTime now() const override { return UnixTime{std::chrono::seconds{now_.load()}}; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point{std::chrono::milliseconds{steady_.load()}};
  }
  void advance(std::chrono::milliseconds by) {
    steady_ += by.count();
    now_ += std::chrono::floor<std::chrono::seconds>(by).count();
  }

 private:
  std::atomic<long long> now_{1'700'000'000};
  std::atomic<long long> steady_{1'000'000};
};

}  // namespace sfjwt::oauth
