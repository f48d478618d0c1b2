// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "mod_sfjwt/schema/schema.h"

namespace sfjwt::schema {

/// Where an open element stands in the sequence of its type: which particle took its last child, and how many
/// in a row.
struct SequencePosition {
  std::uint32_t particle = 0;
  std::uint32_t count = 0;
};

/// Why a particle cannot take a child.
struct OrderViolation {
  const char* message;
  std::string_view expected;  // what could stand there; empty if nothing helps
};

/// The sequence of a type and, where its order is free, which of its particles have taken a child: a bit for
/// each. Judges by position and bits; the schema must outlive it.
class Sequence {
 public:
  /// `taken` has taken_words(type) words.
  Sequence(const Schema& schema, const Type& type, std::uint64_t* taken)
      : type_(type), particles_(schema.all_particles.data() + type.first_particle), taken_(taken) {}

  /// How many words the bits of a type take; 0 where its order is not free.
  static std::size_t taken_words(const Type& type) {
    return type.any_order ? (type.particle_count + 63) / 64 : 0;
  }

  /// Whether a particle can take no more children, so that a later one of its name has to.
  bool is_spent(const SequencePosition& at, std::uint32_t index) const {
    const Particle& particle = particles_[index];
    if (!type_.any_order) return index < at.particle || (index == at.particle && at.count == particle.max);
    if (particle.max == 1) return has_taken(index);
    return particle.yields && index < at.particle;
  }

  /// Whether a particle can take the next child; order_violation() says why not.
  bool may_take(const SequencePosition& at, std::uint32_t index) const {
    if (type_.any_order) return !is_spent(at, index);
    const Particle& last = particles_[at.particle];
    if (index == at.particle) return at.count < last.max;
    return index > at.particle && at.count >= last.min && particles_[at.particle + 1].next_required >= index;
  }

  /// Notes that a particle takes a child.
  void take(SequencePosition& at, std::uint32_t index) const {
    if (type_.any_order) taken_[index / 64] |= std::uint64_t{1} << index % 64;
    at.count = index == at.particle ? at.count + 1 : 1;
    at.particle = index;
  }

  OrderViolation order_violation(const SequencePosition& at, std::uint32_t index) const;
  /// What could stand next: the particle that took the last child, or the one behind it; empty where the
  /// order is free.
  std::string_view expected(const SequencePosition& at) const;
  /// The next particle in order that can take a child; particle_count if there is none.
  std::uint32_t next(const SequencePosition& at) const {
    return at.particle + (at.count < particles_[at.particle].max ? 0 : 1);
  }
  /// A required particle that has taken too few children when the element ends; nullptr if there is none.
  const Particle* missing(const SequencePosition& at) const;

 private:
  bool has_taken(std::uint32_t index) const { return (taken_[index / 64] >> index % 64 & 1) != 0; }
  std::uint32_t missing_in_any_order() const;

  const Type& type_;
  const Particle* particles_;
  std::uint64_t* taken_;
};

}  // namespace sfjwt::schema
