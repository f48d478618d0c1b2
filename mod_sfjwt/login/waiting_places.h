// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sfjwt::login {

/// Limits how many wait at the same time, in all processes if they share the memory. A place is one word:
/// until when it is taken, in milliseconds of the steady clock. So the place of a process that is killed
/// becomes free by itself. Thread-safe.
class WaitingPlaces {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  static constexpr std::size_t kMost = 256;
  static constexpr std::size_t kBytes = kMost * sizeof(std::uint64_t);

  /// kBytes of aligned memory that must outlive the object; all zeros is empty.
  explicit WaitingPlaces(std::byte* memory) : places_(reinterpret_cast<std::uint64_t*>(memory)) {}

  /// Takes one of the first `most` places until a time; false if all of them are taken.
  bool take(std::size_t most, Steady now, Steady until) const;

 private:
  std::uint64_t* places_;
};

}  // namespace sfjwt::login
