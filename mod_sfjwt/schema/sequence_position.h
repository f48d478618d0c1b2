// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "mod_sfjwt/schema/schema.h"

namespace sfjwt::schema {

/// The position of an open element in the sequence of its type: the particle that took its last child, and
/// how many children in a row it took.
struct SequencePosition {
  std::uint32_t particle = 0;
  std::uint32_t count = 0;
};

/// Why a particle cannot take a child.
struct OrderViolation {
  const char* message;
  std::string_view expected;  // what is allowed there; may be empty
};

/// Validates the order of children in the sequence of a type. If their order is free, a bit for each particle
/// records whether it has taken a child. The schema must outlive it.
class Sequence {
 public:
  /// `taken` must have taken_words(type) words.
  Sequence(const Schema& schema, const Type& type, std::uint64_t* taken)
      : type_(type), particles_(schema.all_particles.data() + type.first_particle), taken_(taken) {}

  /// The number of words for the bits of a type; 0 if its order is not free.
  static std::size_t taken_words(const Type& type) {
    return type.any_order ? (type.particle_count + 63) / 64 : 0;
  }

  /// Whether a particle can take no more children, so that a later one of the same name has to.
  bool is_spent(const SequencePosition& at, std::uint32_t index) const {
    const Particle& particle = particles_[index];
    if (!type_.any_order) return index < at.particle || (index == at.particle && at.count == particle.max);
    if (particle.max == 1) return has_taken(index);
    return particle.yields && index < at.particle;
  }

  /// Whether a particle can take the next child; if not, order_violation() gives the reason.
  bool may_take(const SequencePosition& at, std::uint32_t index) const {
    if (type_.any_order) return !is_spent(at, index);
    const Particle& last = particles_[at.particle];
    if (index == at.particle) return at.count < last.max;
    return index > at.particle && at.count >= last.min && particles_[at.particle + 1].next_required >= index;
  }

  /// Records that a particle takes a child.
  void take(SequencePosition& at, std::uint32_t index) const {
    if (type_.any_order) taken_[index / 64] |= std::uint64_t{1} << index % 64;
    at.count = index == at.particle ? at.count + 1 : 1;
    at.particle = index;
  }

  OrderViolation order_violation(const SequencePosition& at, std::uint32_t index) const;
  /// The name of a child that is allowed next: that of the particle that took the last child, or of the one
  /// after it; empty if the order is free.
  std::string_view expected(const SequencePosition& at) const;
  /// The next particle in order that can take a child; particle_count if there is none.
  std::uint32_t next(const SequencePosition& at) const {
    return at.particle + (at.count < particles_[at.particle].max ? 0 : 1);
  }
  /// A required particle without enough children at the end of the element, or nullptr.
  const Particle* missing(const SequencePosition& at) const;

 private:
  bool has_taken(std::uint32_t index) const { return (taken_[index / 64] >> index % 64 & 1) != 0; }
  std::uint32_t missing_in_any_order() const;

  const Type& type_;
  const Particle* particles_;
  std::uint64_t* taken_;
};

}  // namespace sfjwt::schema
