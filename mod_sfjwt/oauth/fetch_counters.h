// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "mod_sfjwt/oauth/fetch_failure.h"

namespace sfjwt::oauth {

/// Counts the outcomes of token requests in one process, since it started. Never decreases.
struct FetchCounters {
  using Count = std::atomic<std::uint64_t>;

  Count granted{0};
  Count other_key{0};  // requests repeated with the other of two keys
  Count repeated{0};   // requests repeated after a transient failure
  std::array<Count, kFetchFailures> failed{};

  void count_failure(FetchFailure cause) { ++failed[static_cast<std::size_t>(cause)]; }
  std::uint64_t failures(FetchFailure cause) const { return failed[static_cast<std::size_t>(cause)]; }
};

}  // namespace sfjwt::oauth
