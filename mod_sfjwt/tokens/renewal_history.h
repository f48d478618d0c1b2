// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "mod_sfjwt/core/clock.h"

namespace sfjwt::tokens {

/// How the renewals of one subject's tokens went, which limits the next ones. It passes from each token to
/// the one that replaces it.
///
/// When the new token is rejected too, a pause begins, of kFirstPause, and twice as long (up to
/// kLongestPause) when that happens again within kLongestPause of its end. Whatever becomes of
/// them, at most kBurst renewals are requested at once, and one per kInterval in the long run (a GCRA: the
/// moment at which all renewals so far are paid for). A time that is too far off is of a clock that was wrong
/// and counts for nothing.
struct RenewalHistory {
  using seconds = std::chrono::seconds;

  static constexpr seconds kFirstPause{2};
  static constexpr seconds kLongestPause{60};
  static constexpr int kBurst = 15;
  static constexpr seconds kInterval{2};

  UnixTime paused_until{};
  seconds pause{0};  // the last one
  UnixTime paid_until{};

  bool paused(UnixTime now) const { return now < paused_until && paused_until <= now + kLongestPause; }
  bool exhausted(UnixTime now) const { return debt(now) > kBurst * kInterval - kInterval; }

  /// A renewal is requested.
  void count(UnixTime now) { paid_until = now + debt(now) + kInterval; }

  /// The token it gave is rejected too. During a pause that changes nothing.
  void rejected_again(UnixTime now) {
    if (paused(now)) return;
    const bool again = paused_until <= now && now - paused_until <= kLongestPause;
    pause = std::clamp(again ? pause * 2 : kFirstPause, kFirstPause, kLongestPause);
    paused_until = now + pause;
  }

 private:
  seconds debt(UnixTime now) const {
    return paid_until > now && paid_until <= now + kBurst * kInterval ? paid_until - now : seconds{0};
  }
};

}  // namespace sfjwt::tokens
