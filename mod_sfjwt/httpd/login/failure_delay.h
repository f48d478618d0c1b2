// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/login/waiting_places.h"

namespace sfjwt::httpd {

/// Delays the answer to a failed login until 500 ms after the request has arrived, so that the time it takes
/// does not reveal whether the user exists. At most a quarter of the threads of a process wait, or, where
/// each process has one thread (prefork), a quarter of the processes; other answers are not delayed.
class FailureDelay {
 public:
  FailureDelay() = default;
  FailureDelay(const FailureDelay&) = delete;
  FailureDelay& operator=(const FailureDelay&) = delete;

  /// In a new child: how many threads it serves with, and how many processes there can be. The memory of
  /// `shared` must outlive the object.
  void set_limits(std::size_t threads, std::size_t processes, const login::WaitingPlaces& shared) {
    most_ = std::max<std::size_t>((threads > 1 ? threads : processes) / 4, 1);
    if (threads == 1) places_ = shared;
  }

  /// One login. Make it when the request has arrived, however slowly the client has sent it.
  class Turn {
   public:
    explicit Turn(const FailureDelay& delay) : delay_(delay), end_(Clock::now() + kDelay) {}

    /// Waits for a while, but not beyond the delay. False if it is over, or too many others wait.
    bool pause(std::chrono::milliseconds time) {
      const auto now = Clock::now();
      if (now >= end_ || refused_) return false;
      if (!has_place_) has_place_ = delay_.places_.take(delay_.most_, now, end_);
      refused_ = !has_place_;
      if (refused_) return false;
      const auto left = std::min<Clock::duration>(time, end_ - now);
      apr_sleep(std::chrono::ceil<std::chrono::microseconds>(left).count());
      return true;
    }

    /// Returns when the delay is over.
    void finish() {
      while (pause(kDelay)) {
      }
    }

   private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds kDelay{500};

    const FailureDelay& delay_;
    const Clock::time_point end_;
    bool has_place_ = false;
    bool refused_ = false;
  };

 private:
  alignas(8) std::array<std::byte, login::WaitingPlaces::kBytes> own_{};
  login::WaitingPlaces places_{own_.data()};
  std::size_t most_ = 1;
};

}  // namespace sfjwt::httpd
