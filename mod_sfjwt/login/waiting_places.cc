// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/waiting_places.h"

#include <algorithm>
#include <atomic>

namespace sfjwt::login {
namespace {

std::uint64_t milliseconds(WaitingPlaces::Steady time) {
  return static_cast<std::uint64_t>(
      std::chrono::ceil<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

}  // namespace

bool WaitingPlaces::take(std::size_t most, Steady now, Steady until) const {
  for (std::size_t place = 0; place < std::min(most, kMost); ++place) {
    const std::atomic_ref word(places_[place]);
    std::uint64_t before = word;
    if (before <= milliseconds(now) && word.compare_exchange_strong(before, milliseconds(until))) return true;
  }
  return false;
}

}  // namespace sfjwt::login
