// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "mod_sfjwt/keys/digest.h"

namespace sfjwt::login {

/// Failures of the last minute by name, in memory that processes share: a count-min sketch. It has kRows rows
/// of counts; a name has one count in each row, chosen by its hash, and shares it with others. The least of
/// them is the result. It is never too low, and too high only if all of them are shared with names that have
/// failures. There is nothing to insert or evict.
///
/// A count is one word and changes atomically, hence a process may be killed at any moment:
///
///     bit 0        9        18       27       36                                63
///         +--------+--------+--------+--------+----------------------------------+
///         | newest | before | before | oldest | number of the newest window      |
///         +--------+--------+--------+--------+----------------------------------+
///
///     Each of the four is the count of a window of 20 seconds, which covers at least the last minute and
///     at most 80 seconds. A full one (511) stays full until its window ends.
///
/// Thread-safe.
class FailureCounts {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  static constexpr std::size_t kRows = 8;
  static constexpr unsigned kMaxLimit = 511;
  static constexpr std::chrono::seconds kWindow{20};

  static constexpr std::size_t bytes(std::size_t width) { return kRows * width * sizeof(std::uint64_t); }
  static std::uint64_t window_of(Steady now);

  /// bytes(width) of aligned memory that must outlive the object; all zeros is empty.
  FailureCounts(std::byte* memory, std::size_t width)
      : counts_(reinterpret_cast<std::uint64_t*>(memory)), width_(width) {}

  unsigned count(const keys::Digest& name, std::uint64_t window) const;

  /// Counts one failure; false, with no change, if there are already `limit` of them. However many are added
  /// at the same time, no more than `limit` are.
  bool add(const keys::Digest& name, std::uint64_t window, unsigned limit) const;

  /// Takes back a failure that was added in this window.
  void remove(const keys::Digest& name, std::uint64_t window) const;

 private:
  std::uint64_t& count_in(const keys::Digest& name, std::size_t row) const;

  std::uint64_t* counts_;
  std::size_t width_;
};

}  // namespace sfjwt::login
