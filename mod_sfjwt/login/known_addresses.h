// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "mod_sfjwt/keys/digest.h"

namespace sfjwt::login {

/// From which addresses users have logged in lately, in memory that processes share. All addresses of a user
/// are in one set of kWays entries; the oldest is replaced, but of a user who has kMaxOfUser it is always one
/// of the user's own.
///
/// An entry is one word and changes atomically: hours + 1 of the steady clock (20 bits), parts of the hashes
/// of address and user (22 bits each); 0 is free.
///
/// Thread-safe.
class KnownAddresses {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  static constexpr std::size_t kSets = 16'384;
  static constexpr std::size_t kWays = 16;
  static constexpr std::size_t kMaxOfUser = kWays / 2;
  static constexpr std::size_t kBytes = kSets * kWays * sizeof(std::uint64_t);
  static constexpr std::chrono::hours kMemory{30 * 24};

  /// kBytes of aligned memory that must outlive the object; all zeros is empty.
  explicit KnownAddresses(std::byte* memory) : entries_(reinterpret_cast<std::uint64_t*>(memory)) {}

  bool contains(const keys::Digest& user, const keys::Digest& address, Steady now) const;
  void add(const keys::Digest& user, const keys::Digest& address, Steady now) const;

 private:
  std::uint64_t* set_of(const keys::Digest& user) const;

  std::uint64_t* entries_;
};

}  // namespace sfjwt::login
