// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/failure_counts.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>

namespace sfjwt::login {
namespace {

constexpr unsigned kWindows = 4;
constexpr unsigned kBits = 9;
constexpr std::uint64_t kFull = (1U << kBits) - 1;
constexpr unsigned kNumberShift = kWindows * kBits;
constexpr std::uint64_t kAllCounts = (std::uint64_t{1} << kNumberShift) - 1;
static_assert(kFull == FailureCounts::kMaxLimit);

// The word at the time of a window, unless it is already ahead.
std::uint64_t advanced(std::uint64_t word, std::uint64_t window) {
  const std::uint64_t newest = word >> kNumberShift;
  if (newest >= window) return word;
  const std::uint64_t age = window - newest;
  const std::uint64_t counts = age < kWindows ? (word << age * kBits) & kAllCounts : 0;
  return window << kNumberShift | counts;
}

unsigned total(std::uint64_t word) {
  std::uint64_t sum = 0;
  for (unsigned window = 0; window < kWindows; ++window) sum += word >> window * kBits & kFull;
  return static_cast<unsigned>(sum);
}

// Where the count of a window is in a word; nullopt if it is over.
std::optional<unsigned> shift_of(std::uint64_t word, std::uint64_t window) {
  const std::uint64_t age = (word >> kNumberShift) - window;
  if (age >= kWindows) return std::nullopt;
  return static_cast<unsigned>(age) * kBits;
}

// Changes the count of a window by one, up or down, unless it is full, over, or would become negative.
void change(std::uint64_t& count, std::uint64_t window, bool up) {
  const std::atomic_ref shared(count);
  for (std::uint64_t before = shared;;) {
    const std::uint64_t word = advanced(before, window);
    const auto shift = shift_of(word, window);
    if (!shift) return;
    const std::uint64_t held = word >> *shift & kFull;
    if (held == kFull || (!up && held == 0)) return;
    const std::uint64_t one = std::uint64_t{1} << *shift;
    if (shared.compare_exchange_weak(before, up ? word + one : word - one)) return;
  }
}

}  // namespace

std::uint64_t FailureCounts::window_of(Steady now) {
  return static_cast<std::uint64_t>(now.time_since_epoch() / kWindow);
}

std::uint64_t& FailureCounts::count_in(const keys::Digest& name, std::size_t row) const {
  std::uint32_t part = 0;
  static_assert(kRows * sizeof part <= sizeof name);
  std::memcpy(&part, name.data() + row * sizeof part, sizeof part);
  return counts_[row * width_ + part % width_];
}

unsigned FailureCounts::count(const keys::Digest& name, std::uint64_t window) const {
  unsigned least = kMaxLimit * kWindows;
  for (std::size_t row = 0; row < kRows; ++row)
    least = std::min(least, total(advanced(std::atomic_ref(count_in(name, row)).load(), window)));
  return least;
}

// Counts are read again after all of them are written: of those who add at the same time, whoever finishes
// last sees all others in every row.
bool FailureCounts::add(const keys::Digest& name, std::uint64_t window, unsigned limit) const {
  if (count(name, window) >= limit) return false;
  for (std::size_t row = 0; row < kRows; ++row) change(count_in(name, row), window, true);
  if (count(name, window) <= limit) return true;
  remove(name, window);
  return false;
}

void FailureCounts::remove(const keys::Digest& name, std::uint64_t window) const {
  for (std::size_t row = 0; row < kRows; ++row) change(count_in(name, row), window, false);
}

}  // namespace sfjwt::login
