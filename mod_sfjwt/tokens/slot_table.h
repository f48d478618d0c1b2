// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace sfjwt::tokens {

/// Records of bounded size under 32-byte digests, in memory that several processes share, any of which may
/// be killed mid-write. The memory holds numbers and bytes alone, no pointers, lists or locks.
///
/// Readers take no lock: each slot has a sequence number, odd while it is written, and what was copied counts
/// only if the number is the same before and after. Writers of one stripe exclude each other by a lock that
/// is the caller's. A writer that died leaves an odd number behind, and whoever writes next finds the slot
/// free. All words are read and written atomically, and sizes are checked before they are believed.
///
/// A digest has two sets of kWays slots it may stand in; it goes into the emptier one, so that the table can
/// be filled nearly to the last slot.
///
///     tags, 4 bytes each                      slots, slot_bytes each
///     +----------+----------+-----+-----------+----------+----------+-----+-----------+
///     | stripe 0 | stripe 1 | ... | stripe 15 | stripe 0 | stripe 1 | ... | stripe 15 |
///     +----------+----------+-----+-----------+----------+----------+-----+-----------+
///
///     A stripe is sets_per_stripe() sets of 32. The tag of a slot is a part of its key, 0 for a free slot:
///     the 128 bytes of a set's tags are searched, and a slot is looked at only when its tag matches.
///
///     byte 0      4      8             16       24    56                        slot_bytes
///          +------+------+-------------+--------+-----+-----------------+-------+
///          | seq. | used | keep until  | size   | key | record          | zeros |
///          | u32  | u32  | u64         | u64    | 32  | `size` bytes    |       |
///          +------+------+-------------+--------+-----+-----------------+-------+
///
///     seq.: odd while the slot is written. used, keep until: seconds of the callers' clock.
class SlotTable {
 public:
  using Key = std::array<std::uint8_t, 32>;

  static constexpr std::size_t kStripes = 16;
  static constexpr std::size_t kWays = 32;
  static constexpr std::size_t kSlotOverhead = 56;  // bytes of a slot that are not for the record
  static constexpr std::size_t kLargestSlot = 8192;

  /// How many slots, rounded up to whole sets in every stripe, of how many bytes (a multiple of 8).
  struct Shape {
    std::size_t slots;
    std::size_t slot_bytes;

    constexpr std::size_t sets_per_stripe() const {
      return (slots + kStripes * kWays - 1) / (kStripes * kWays);
    }
    constexpr std::size_t rounded_slots() const { return sets_per_stripe() * kStripes * kWays; }
    constexpr std::size_t bytes() const { return rounded_slots() * (sizeof(std::uint32_t) + slot_bytes); }
    constexpr std::size_t largest_record() const { return slot_bytes - kSlotOverhead; }
  };

  /// What was read, and where to wait for the next change of the slot: `sequence` differs from `seen` then.
  struct Found {
    std::size_t size;
    std::uint32_t* sequence;
    std::uint32_t seen;
  };
  enum class Eviction { never, least_recently_used };

  /// `memory` has shape.bytes() bytes, aligned to 8; all zero is the empty table. It outlives the object.
  SlotTable(std::byte* memory, Shape shape) : memory_(memory), shape_(shape) {}

  /// The stripe whose lock a writer of this key holds.
  static std::size_t stripe_of(const Key& key) { return key[24] % kStripes; }

  /// Copies the record, by whole words (`into` has room for the last one), and counts as use of it at `now`
  /// (seconds, of any clock the callers share). Nothing when there is none; without the lock also when a
  /// writer is at it.
  std::optional<Found> read(const Key& key, std::span<std::byte> into, std::uint32_t now) const;

  /// Under the lock: puts the record in the key's own slot, a free one, or one whose `keep_until` is not
  /// after `now`; else, if that is allowed, in the one used longest ago. Answers the sequence to wake waiters
  /// at, or null when there is no room or the record is too large.
  std::uint32_t* write(const Key& key, std::span<const std::byte> record, std::uint64_t keep_until,
                       std::uint32_t now, Eviction eviction) const;

  /// Under the lock: overwrites the record with zeros and frees its slot. Answers the sequence to wake
  /// waiters at, or null when there was none.
  std::uint32_t* erase(const Key& key) const;

 private:
  struct Sets {
    std::array<std::size_t, 2> number;
    std::uint32_t tag;
  };
  class Slot;

  Sets sets_of(const Key& key) const;
  Slot slot(std::size_t set, std::size_t way) const;
  std::optional<Slot> held_slot(const Key& key) const;
  std::optional<Slot> free_slot(const Key& key, std::uint32_t now, Eviction eviction) const;

  std::byte* memory_;
  Shape shape_;
};

}  // namespace sfjwt::tokens
