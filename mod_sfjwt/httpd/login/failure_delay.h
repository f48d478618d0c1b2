// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Delays the answer to a failed login until 500 ms after the request, so that the time it takes does not
/// reveal whether the user exists. At most a quarter of the threads of a process wait; other answers are not
/// delayed.
class FailureDelay {
 public:
  /// In a new child, which serves with so many threads.
  void set_threads(std::size_t threads) { most_ = std::max<std::size_t>(threads / 4, 1); }

  /// Returns when the delay is over.
  void wait(const request_rec* r) {
    constexpr apr_interval_time_t kDelay = apr_time_from_msec(500);
    const apr_interval_time_t left = r->request_time + kDelay - apr_time_now();
    if (left <= 0 || left > kDelay) return;  // the clock was set
    if (waiting_.fetch_add(1, std::memory_order_relaxed) < most_) apr_sleep(left);
    waiting_.fetch_sub(1, std::memory_order_relaxed);
  }

 private:
  std::size_t most_ = 1;
  std::atomic<std::size_t> waiting_{0};
};

}  // namespace sfjwt::httpd
