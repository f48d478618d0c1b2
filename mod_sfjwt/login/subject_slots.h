// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sfjwt::login {

/// A revoked handle; 0 in `id` is none.
struct RevokedId {
  std::uint64_t id = 0;       // 8 of its random bytes
  std::uint64_t issued = 0;   // milliseconds since the epoch
  std::uint64_t expires = 0;  // seconds since the epoch
};

/// Revoked handles of subjects in memory that processes share. Readers take no lock; writers need one, and
/// may be killed at any moment: after each single write, what was revoked before is still revoked.
///
///     names, 8 bytes each                  slots
///     +---------+---------+-----+--------+---------+---------+-----+--------+
///     | set 0   | set 1   | ... | last   | set 0   | set 1   | ... | last   |
///     +---------+---------+-----+--------+---------+---------+-----+--------+
///
/// A set has kWays slots, and a subject is in one of two sets. The name is a part of the subject's hash; 0 is
/// a free slot. A look-up searches two times 128 bytes of names.
///
///     word 0       1            2       3        4          5        6
///          +-------+------------+-------+--------+----------+--------+-----
///          | until | watermark  | id    | issued | expires  | id     | ...
///          +-------+------------+-------+--------+----------+--------+-----
///
///     until: seconds; when the last revoked handle expires, and the slot can be used for another subject.
///     watermark: milliseconds; handles issued then or earlier are refused. For id, issued, expires see
///     RevokedId; an id is written last and removed first.
class SubjectSlots {
 public:
  static constexpr std::size_t kWays = 16;
  static constexpr std::size_t kHeadWords = 2;
  static constexpr std::size_t kIdWords = 3;

  struct Shape {
    std::size_t slots;  // a multiple of kWays
    std::size_t ids;    // in a slot

    constexpr std::size_t slot_words() const { return kHeadWords + kIdWords * ids; }
    constexpr std::size_t bytes() const { return slots * (1 + slot_words()) * sizeof(std::uint64_t); }
  };

  /// The hash of a subject.
  struct Subject {
    std::uint64_t name;  // not 0
    std::array<std::uint64_t, 2> sets;
  };

  /// The slot of a subject.
  class Slot {
   public:
    /// Whether the handle is in it, or is refused by its watermark.
    bool refuses(std::uint64_t id, std::uint64_t issued) const;
    std::uint64_t watermark() const;

    /// All others require the lock. Adds an id in place of one that is no longer needed, or else raises the
    /// watermark to the oldest one, the new one included, which then needs no place.
    void add(const RevokedId& added, std::uint64_t now) const;
    /// Whether an id can be added without raising the watermark.
    bool has_space(std::uint64_t now) const;

    /// Copies a slot with no more ids into one that is not published.
    void copy_from(const Slot& other) const;
    /// Lets readers find the slot.
    void publish() const;
    /// Frees the slot.
    void release() const;

   private:
    friend class SubjectSlots;
    Slot(std::uint64_t& name, std::uint64_t expected, std::uint64_t* words, std::size_t ids)
        : name_(&name), expected_(expected), words_(words), ids_(ids) {}

    std::uint64_t* id_words(std::size_t number) const { return words_ + kHeadWords + kIdWords * number; }
    bool is_outdated(std::uint64_t now) const;
    bool is_needed(const std::uint64_t* words, std::uint64_t now) const;
    std::uint64_t* place_for(std::uint64_t now) const;
    void raise(std::size_t word, std::uint64_t value) const;

    std::uint64_t* name_;
    std::uint64_t expected_;  // there, as long as the slot is the subject's
    std::uint64_t* words_;
    std::size_t ids_;
  };

  /// shape.bytes() of aligned memory that must outlive the object; all zeros is empty.
  SubjectSlots(std::byte* memory, Shape shape)
      : names_(reinterpret_cast<std::uint64_t*>(memory)), shape_(shape) {}

  std::optional<Slot> find(const Subject& subject) const;

  /// Requires the lock, and that the subject has no slot. Clears a slot that is free or outdated at `now`;
  /// publish() it once it is filled.
  std::optional<Slot> take_free(const Subject& subject, std::uint64_t now) const;

 private:
  Slot slot(const Subject& subject, std::size_t choice, std::size_t way) const;

  std::uint64_t* names_;
  Shape shape_;
};

}  // namespace sfjwt::login
