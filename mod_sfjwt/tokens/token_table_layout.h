// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "mod_sfjwt/tokens/failure_throttle.h"
#include "mod_sfjwt/tokens/slot_table.h"

/// The layout of a TokenTable in shared memory. Words have 64 bits in the byte order of the machine.
///
///     +--------------------------+ 0
///     | header, 4096 bytes       |
///     |   word 0      magic      |   "fjwtable" on a little-endian machine; 0: the memory is new
///     |        1      version    |   of this layout, and of the records in it
///     |        2      entries    |   TokenTable::Shape: slots for tokens before rounding
///     |        3      entry bytes|   TokenTable::Shape: bytes of each of them
///     |        4      generation |   of the last claim; counts up
///     |        5-6    salt       |   16 random bytes, for hashes of callers
///     |        7-63   unused     |
///     |       64-511  debts      |   FailureDebt of the client ids whose hash is this word's
///     +--------------------------+ kTokensOffset = 4096
///     | tokens, a SlotTable      |   entries x (4 + entry bytes), rounded up; of each key the token record
///     +--------------------------+ claims_offset(shape)
///     | claims, a SlotTable      |   8192 x (4 + 1024) bytes; of each key the claim record
///     +--------------------------+ callers_offset(shape)
///     | callers, a CallerTable   |   256 sets x 8 ways x 24 bytes: hash, debt, last outcome
///     +--------------------------+ table_bytes(shape)
///
/// For slots see slot_table.h, for records token_record.h. A change in one of these layouts requires a new
/// kVersion: after a graceful restart, another version of the module may use the same memory.
namespace sfjwt::tokens::layout {

inline constexpr std::uint64_t kMagic = 0x656c626174776a66;
inline constexpr std::uint64_t kVersion = 3;

enum HeaderWord : std::size_t {
  magic,
  version,
  entries,
  entry_bytes,
  last_generation,
  salt,
  first_debt = 64,
};

inline constexpr std::size_t kWord = sizeof(std::uint64_t);
inline constexpr std::size_t kSaltBytes = 16;
inline constexpr std::size_t kTokensOffset = 4096;
inline constexpr std::size_t kDebts = kTokensOffset / kWord - first_debt;

inline constexpr SlotTable::Shape kClaims{8192, 1024};  // enough for an error with its remedy

static_assert(salt == 5 && salt * kWord + kSaltBytes <= first_debt * kWord);
static_assert(first_debt + kDebts == 512);
static_assert(kClaims.rounded_slots() == 8192 && kClaims.bytes() == 8192 * (4 + 1024));
static_assert(CallerTable::kBytes == 256 * 8 * 24);

constexpr std::size_t claims_offset(SlotTable::Shape tokens) {
  return kTokensOffset + tokens.bytes();
}
constexpr std::size_t callers_offset(SlotTable::Shape tokens) {
  return claims_offset(tokens) + kClaims.bytes();
}
constexpr std::size_t table_bytes(SlotTable::Shape tokens) {
  return callers_offset(tokens) + CallerTable::kBytes;
}

// Every part begins at a word boundary.
static_assert(claims_offset({1, 8}) % kWord == 0 && callers_offset({1, 8}) % kWord == 0);

}  // namespace sfjwt::tokens::layout
