// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/tokens/stripe_locks.h"
#include "mod_sfjwt/tokens/token_table.h"

namespace sfjwt::tokens {

struct LocalTokenMemory {
  explicit LocalTokenMemory(TokenTable::Shape shape)
      : words(TokenTable::bytes(shape) / sizeof(std::uint64_t)) {}

  std::vector<std::uint64_t> words;
  ThreadLocks locks;
};

/// A token table in the memory of one process.
class LocalTokenStore final : private LocalTokenMemory, public TokenTable {
 public:
  /// The clock must outlive the store.
  explicit LocalTokenStore(const Clock& clock, Shape shape = {1024, kDefaultEntry})
      : LocalTokenMemory(shape), TokenTable(words.data(), shape, locks, clock) {}
};

}  // namespace sfjwt::tokens
