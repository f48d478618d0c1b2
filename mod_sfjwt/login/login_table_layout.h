// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "mod_sfjwt/keys/seal.h"
#include "mod_sfjwt/login/attempt_limits.h"
#include "mod_sfjwt/login/revocations.h"
#include "mod_sfjwt/login/waiting_places.h"

/// The layout of a LoginTable in shared memory. Words have 64 bits in the byte order of the machine.
///
///     +--------------------------+ 0
///     | header, 4096 bytes       |
///     |   word 0      magic      |   "fjwlogin" on a little-endian machine; 0: the memory is new
///     |        1      version    |   of this layout, and of all parts
///     |        2      size       |   bytes of the whole table
///     |        3-4    salt       |   16 random bytes, for hashes of users and addresses
///     |        5-8    key        |   32 random bytes, for handles where no key is configured
///     |        9-264  waiting    |   WaitingPlaces
///     |        265-511 unused    |
///     +--------------------------+ kRevocationsOffset = 4096
///     | revocations              |
///     |   head, 128 bytes        |   a robust mutex; at byte 64 the watermark of all subjects
///     |   small, SubjectSlots    |   65,536 subjects x (8 + 8 x (2 + 3 x 4)) bytes
///     |   large, SubjectSlots    |   2,048 subjects x (8 + 8 x (2 + 3 x 100)) bytes
///     +--------------------------+ kAttemptsOffset
///     | attempts                 |
///     |   pairs, FailureCounts   |   8 rows x 65,536 x 8 bytes: failures of a user from an address
///     |   addresses, the same    |   8 rows x 16,384 x 8 bytes
///     |   users, the same        |   8 rows x 16,384 x 8 bytes
///     |   known, KnownAddresses  |   16,384 sets x 16 ways x 8 bytes
///     +--------------------------+ kTableBytes, about 21 MB, of which only used pages take memory
///
/// A change of the layout of any part requires a new kVersion: after a graceful restart, another version of
/// the module may find the same memory.
namespace sfjwt::login::layout {

inline constexpr std::uint64_t kMagic = 0x6e69676f6c776a66;
inline constexpr std::uint64_t kVersion = 1;

enum HeaderWord : std::size_t { magic, version, size, salt, key = 5, waiting = 9, unused = 265 };

inline constexpr std::size_t kWord = sizeof(std::uint64_t);
inline constexpr std::size_t kSaltBytes = 16;
inline constexpr std::size_t kKeyBytes = keys::Seal::kKeyBytes;
static_assert(salt * kWord + kSaltBytes == key * kWord && key * kWord + kKeyBytes == waiting * kWord);
static_assert(waiting * kWord + WaitingPlaces::kBytes == unused * kWord);

inline constexpr std::size_t kRevocationsOffset = 4096;
inline constexpr std::size_t kAttemptsOffset = kRevocationsOffset + Revocations::kBytes;
inline constexpr std::size_t kTableBytes = kAttemptsOffset + AttemptLimits::kBytes;

// The parts, and within them the sets that a look-up searches, begin at cache lines.
static_assert(kRevocationsOffset % 64 == 0 && kAttemptsOffset % 64 == 0 && Revocations::kHeadBytes % 64 == 0);
static_assert(Revocations::kSmall.bytes() % 64 == 0);
static_assert(Revocations::kSmall.bytes() == 65'536 * (8 + 8 * (2 + 3 * 4)));
static_assert(Revocations::kLarge.bytes() == 2'048 * (8 + 8 * (2 + 3 * 100)));
static_assert(AttemptLimits::kBytes == 8 * (65'536 + 2 * 16'384) * 8 + 16'384 * 16 * 8);

}  // namespace sfjwt::login::layout
