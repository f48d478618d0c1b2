// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/sequence_position.h"

#include <cassert>

namespace sfjwt::schema {

OrderViolation Sequence::order_violation(const SequencePosition& at, std::uint32_t index) const {
  assert(!may_take(at, index));
  if (type_.any_order || index == at.particle) return {"the element occurs too often:", expected(at)};
  if (index < at.particle) return {"the element is out of order:", expected(at)};
  if (at.count < particles_[at.particle].min) return {"an element is missing before", expected(at)};
  const std::uint32_t required = particles_[at.particle + 1].next_required;
  return {"an element is missing before", particles_[required].name};
}

std::string_view Sequence::expected(const SequencePosition& at) const {
  if (type_.particle_count == 0 || type_.any_order) return {};
  const std::uint32_t index = next(at);
  return index < type_.particle_count ? particles_[index].name : std::string_view();
}

const Particle* Sequence::missing(const SequencePosition& at) const {
  std::uint32_t index = type_.particle_count;
  if (type_.first_required == type_.particle_count) return nullptr;
  if (type_.any_order) {
    index = missing_in_any_order();
  } else if (at.count < particles_[at.particle].min) {
    index = at.particle;
  } else if (at.particle + 1 < type_.particle_count) {
    index = particles_[at.particle + 1].next_required;
  }
  return index == type_.particle_count ? nullptr : &particles_[index];
}

std::uint32_t Sequence::missing_in_any_order() const {
  std::uint32_t index = type_.first_required;
  while (index < type_.particle_count && has_taken(index))
    index = index + 1 < type_.particle_count ? particles_[index + 1].next_required : type_.particle_count;
  return index;
}

}  // namespace sfjwt::schema
