// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "mod_sfjwt/core/clock.h"

namespace sfjwt::tokens {

/// The renewals of one subject's tokens, which limit further renewals. Each new token takes it over from the
/// one that it replaces.
///
/// If the new token is rejected too, a pause of kFirstPause begins. The pause is doubled, up to
/// kLongestPause, if this happens again within kLongestPause of its end. Whatever the outcomes, at most
/// kBurst renewals are requested at once, and one per kInterval in the long run (a GCRA: the time at which
/// all renewals so far are paid for). A time too far in the future comes from a clock that was wrong, and is
/// ignored.
struct RenewalHistory {
  using seconds = std::chrono::seconds;

  static constexpr seconds kFirstPause{2};
  static constexpr seconds kLongestPause{60};
  static constexpr int kBurst = 15;
  static constexpr seconds kInterval{2};

  UnixTime paused_until{};
  seconds pause{0};  // the last pause
  UnixTime paid_until{};

  bool paused(UnixTime now) const { return now < paused_until && paused_until <= now + kLongestPause; }
  bool exhausted(UnixTime now) const { return debt(now) > kBurst * kInterval - kInterval; }

  /// Counts a requested renewal.
  void count(UnixTime now) { paid_until = now + debt(now) + kInterval; }

  /// The token from the renewal is rejected too. No effect during a pause.
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
