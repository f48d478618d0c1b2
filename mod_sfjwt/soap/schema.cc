// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/schema.h"

#include <algorithm>

namespace sfjwt::soap {

bool NamespaceConstraint::allows(NamespaceId id) const {
  const bool listed = std::find(ids.begin(), ids.end(), id) != ids.end();
  switch (kind) {
    case Kind::any:
      return true;
    case Kind::other:
      return id != kNoNamespace && !listed;
    case Kind::listed:
      return listed;
  }
  return false;
}

std::uint32_t Schema::find(const Type& type, const Name& name) const {
  const Particle* particles = particles_.data() + type.first_particle;
  const auto fits = [&](const Particle& particle) {
    return same_text(particle.name, name.local) && particle.kind == Particle::Kind::element &&
           (particle.namespace_id == name.namespace_id ||
            (type.unqualified && name.namespace_id == kNoNamespace));
  };
  if (type.slot_mask == 0) {
    for (std::uint32_t i = 0; i < type.particle_count; ++i) {
      if (fits(particles[i])) return i;
    }
    return kNotFound;
  }
  const std::uint32_t* slots = slots_.data() + type.slots;
  for (std::uint32_t at = name_hash(name.local) & type.slot_mask; slots[at] != 0;
       at = (at + 1) & type.slot_mask) {
    if (fits(particles[slots[at] - 1])) return slots[at] - 1;
  }
  return kNotFound;
}

bool Schema::derived(TypeId from, TypeId to) const {
  while (from != to && from != kAnyType) from = types_[from].base;
  return from == to;
}

bool Schema::may_replace(TypeId named, TypeId declared) const {
  if (named == kUnresolvedType || declared == kUnresolvedType) return named == declared;
  return derived(named, declared);
}

}  // namespace sfjwt::soap
