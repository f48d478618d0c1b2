// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>
#include <set>

#include "mod_sfjwt/core/clock.h"

namespace sfjwt::tokens {

/// A token request that takes longer indicates trouble.
inline constexpr std::chrono::milliseconds kSlowFetch{2'000};

/// The token requests of one client that are in progress in this process. Thread-safe.
class InFlightRequests {
 public:
  /// The clock must outlive it.
  explicit InFlightRequests(const Clock& clock) : clock_(clock) {}

  /// Whether the oldest of them is slow.
  bool slow() const {
    const std::lock_guard lock(mutex_);
    return !begun_.empty() && clock_.steady() - *begun_.begin() >= kSlowFetch;
  }

  /// One request in progress, for the lifetime of the object.
  class Run {
   public:
    explicit Run(InFlightRequests& requests) : requests_(requests) {
      const std::lock_guard lock(requests_.mutex_);
      place_ = requests_.begun_.insert(requests_.clock_.steady());
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run() {
      const std::lock_guard lock(requests_.mutex_);
      requests_.begun_.erase(place_);
    }

   private:
    InFlightRequests& requests_;
    std::multiset<std::chrono::steady_clock::time_point>::iterator place_;
  };

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::multiset<std::chrono::steady_clock::time_point> begun_;
};

}  // namespace sfjwt::tokens
