// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace sfjwt::tokens {

/// Records of bounded size, with 32-byte digests as keys, in memory that several processes share, any of
/// which may be killed mid-write. The memory contains only numbers and bytes: no pointers, lists or locks.
///
/// Readers take no lock: each slot has a sequence number that is odd during a write, and a copy is valid only
/// if the number is the same before and after. The caller provides one lock per stripe for writers. A writer
/// that died leaves an odd number behind, and the next writer treats the slot as free. All words are read and
/// written atomically, and sizes are checked before they are used.
///
/// A digest can be in one of two sets of kWays slots. It is put into the emptier one, so that the table can
/// be filled almost completely.
///
///     tags, 4 bytes each                      slots, slot_bytes each
///     +----------+----------+-----+-----------+----------+----------+-----+-----------+
///     | stripe 0 | stripe 1 | ... | stripe 15 | stripe 0 | stripe 1 | ... | stripe 15 |
///     +----------+----------+-----+-----------+----------+----------+-----+-----------+
///
/// A stripe is sets_per_stripe() sets of 32. The tag of a slot is a part of its key, 0 for a free slot. A
/// look-up searches the 128 bytes of a set's tags, and reads a slot only if its tag matches.
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
  static constexpr std::size_t kSlotOverhead = 56;  // bytes of a slot besides the record
  static constexpr std::size_t kLargestSlot = 8192;

  /// The number of slots, rounded up to whole sets in every stripe, and their size in bytes, a multiple of 8.
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

  /// The result of reading, and where to wait for the next change of the slot: `sequence` then differs from
  /// `seen`.
  struct Found {
    std::size_t size;
    std::uint32_t* sequence;
    std::uint32_t seen;
  };
  enum class Eviction { never, least_recently_used };

  /// `memory` must have shape.bytes() bytes, aligned to 8, and outlive the object; all zeros is the empty
  /// table.
  SlotTable(std::byte* memory, Shape shape) : memory_(memory), shape_(shape) {}

  /// The stripe whose lock a writer of this key must hold.
  static std::size_t stripe_of(const Key& key) { return key[24] % kStripes; }

  /// Copies the record in whole words (`into` must have space for the last one), and counts as use at `now`
  /// (seconds of any clock that the callers share). nullopt if there is no record; without the lock also if
  /// it is being written.
  std::optional<Found> read(const Key& key, std::span<std::byte> into, std::uint32_t now) const;

  /// Requires the lock. Writes the record to the key's own slot, to a free one, or to one whose `keep_until`
  /// is not after `now`; if eviction is allowed, else to the least recently used one. Returns the sequence
  /// number, to wake waiters there; null if there is no space or the record is too large.
  std::uint32_t* write(const Key& key, std::span<const std::byte> record, std::uint64_t keep_until,
                       std::uint32_t now, Eviction eviction) const;

  /// Requires the lock. Overwrites the record with zeros and frees its slot. Returns the sequence number for
  /// waking waiters there; null if there was no record.
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
