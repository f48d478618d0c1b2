// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/known_addresses.h"

#include <array>
#include <atomic>
#include <cstring>

namespace sfjwt::login {
namespace {

constexpr unsigned kPartBits = 22;
constexpr unsigned kHoursShift = 2 * kPartBits;
constexpr std::uint64_t kPart = (1U << kPartBits) - 1;
constexpr std::uint64_t kWho = (std::uint64_t{1} << kHoursShift) - 1;

std::uint64_t word_of(const keys::Digest& digest, std::size_t number) {
  std::uint64_t word = 0;
  std::memcpy(&word, digest.data() + number * sizeof word, sizeof word);
  return word;
}

std::uint64_t hours_of(KnownAddresses::Steady now) {
  return static_cast<std::uint64_t>(std::chrono::floor<std::chrono::hours>(now.time_since_epoch()).count()) +
         1;
}

std::uint64_t entry_of(const keys::Digest& user, const keys::Digest& address, KnownAddresses::Steady now) {
  return hours_of(now) << kHoursShift | (word_of(address, 1) & kPart) << kPartBits |
         (word_of(user, 1) & kPart);
}

bool same_user(std::uint64_t a, std::uint64_t b) {
  return a != 0 && (a & kPart) == (b & kPart);
}
bool same_pair(std::uint64_t a, std::uint64_t b) {
  return a != 0 && (a & kWho) == (b & kWho);
}
bool is_older(std::uint64_t a, std::uint64_t b) {
  return a >> kHoursShift < b >> kHoursShift;
}

using Entries = std::array<std::uint64_t, KnownAddresses::kWays>;

Entries copy_of(std::uint64_t* set) {
  Entries entries{};
  for (std::size_t way = 0; way < entries.size(); ++way) entries[way] = std::atomic_ref(set[way]).load();
  return entries;
}

// The entry to replace: that of the same pair, or the oldest one of a user who has many, or the oldest of
// all.
std::size_t place_for(std::uint64_t added, const Entries& entries) {
  std::size_t oldest = 0;
  std::size_t oldest_own = 0;
  std::size_t own = 0;
  for (std::size_t way = 0; way < entries.size(); ++way) {
    if (same_pair(entries[way], added)) return way;
    if (is_older(entries[way], entries[oldest])) oldest = way;
    if (!same_user(entries[way], added)) continue;
    if (own == 0 || is_older(entries[way], entries[oldest_own])) oldest_own = way;
    ++own;
  }
  return own < KnownAddresses::kMaxOfUser ? oldest : oldest_own;
}

}  // namespace

std::uint64_t* KnownAddresses::set_of(const keys::Digest& user) const {
  return entries_ + word_of(user, 0) % kSets * kWays;
}

bool KnownAddresses::contains(const keys::Digest& user, const keys::Digest& address, Steady now) const {
  constexpr auto kHours = static_cast<std::uint64_t>(kMemory.count());
  const std::uint64_t wanted = entry_of(user, address, now);
  for (const std::uint64_t entry : copy_of(set_of(user)))
    if (same_pair(entry, wanted) && (entry >> kHoursShift) + kHours >= wanted >> kHoursShift) return true;
  return false;
}

// Whoever loses against another process looks again.
void KnownAddresses::add(const keys::Digest& user, const keys::Digest& address, Steady now) const {
  const std::uint64_t added = entry_of(user, address, now);
  std::uint64_t* const set = set_of(user);
  for (std::size_t attempt = 0; attempt < kWays; ++attempt) {
    const Entries entries = copy_of(set);
    const std::size_t way = place_for(added, entries);
    std::uint64_t before = entries[way];
    if (same_pair(before, added) && !is_older(before, added)) return;
    if (std::atomic_ref(set[way]).compare_exchange_strong(before, added)) return;
  }
}

}  // namespace sfjwt::login
