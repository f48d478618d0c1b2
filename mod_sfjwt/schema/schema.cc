// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/schema.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

namespace sfjwt::schema {
namespace {

// The form of object names in all APIs: letters, digits and underscores.
bool is_object_name(std::string_view local) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !local.empty() && letter(local.front()) && std::all_of(local.begin(), local.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

bool NamespaceConstraint::allows(xml::NamespaceId id) const {
  const bool listed = std::find(ids.begin(), ids.end(), id) != ids.end();
  switch (kind) {
    case Kind::any:
      return true;
    case Kind::other:
      return id != xml::kNoNamespace && !listed;
    case Kind::listed:
      return listed;
  }
  return false;
}

const TypeId* Schema::object_named(const xml::Name& name, TypeId record) const {
  const auto found = std::find_if(object_types.begin(), object_types.end(), [&](const ObjectType& object) {
    return object.record == record && object.namespace_id == name.namespace_id;
  });
  return found != object_types.end() && is_object_name(name.local) ? &found->type : nullptr;
}

const TypeId* Schema::unprefixed_record(const xml::Name& name, TypeId declared) const {
  if (name.namespace_id != xml::kNoNamespace) return nullptr;
  for (const UnprefixedRecords& records : unprefixed_records) {
    if (records.declared == declared) return types_by_name.find({records.namespace_id, name.local});
  }
  return nullptr;
}

std::uint32_t Schema::find(const Type& type, const xml::Name& name) const {
  const Particle* particles = all_particles.data() + type.first_particle;
  const auto fits = [&](const Particle& particle) {
    return xml::same_text(particle.name, name.local) && particle.kind == Particle::Kind::element &&
           type.takes(name.namespace_id, particle.namespace_id);
  };
  if (type.slot_mask == 0) {
    for (std::uint32_t i = 0; i < type.particle_count; ++i) {
      if (fits(particles[i])) return i;
    }
    return kNotFound;
  }
  const std::uint32_t* slots = all_slots.data() + type.slots;
  for (std::uint32_t at = xml::name_hash(name.local) & type.slot_mask; slots[at] != 0;
       at = (at + 1) & type.slot_mask) {
    if (fits(particles[slots[at] - 1])) return slots[at] - 1;
  }
  return kNotFound;
}

std::uint32_t Schema::find_alias(TypeId type, const xml::Name& name) const {
  for (const ParameterAlias& alias : parameter_aliases) {
    if (alias.type != type || alias.name != name.local) continue;
    const Particle& particle = particles(all_types[type])[alias.particle];
    if (all_types[type].takes(name.namespace_id, particle.namespace_id)) return alias.particle;
  }
  return kNotFound;
}

bool Schema::derived(TypeId from, TypeId to) const {
  while (from != to && from != kAnyType) from = all_types[from].base;
  return from == to;
}

void Schema::set_particles(Type& type, std::vector<Particle> particles) {
  assert(type.particle_count == 0);
  type.particle_count = static_cast<std::uint32_t>(particles.size());
  std::map<std::pair<xml::NamespaceId, std::string_view>, std::uint32_t> later;
  for (std::uint32_t i = type.particle_count; i-- > 0;) {
    Particle& particle = particles[i];
    if (particle.kind != Particle::Kind::element) continue;
    std::uint32_t& next = later[{particle.namespace_id, particle.name}];
    particle.same_name = std::exchange(next, i);
  }
  type.first_particle = static_cast<std::uint32_t>(all_particles.size());
  all_particles.insert(all_particles.end(), particles.begin(), particles.end());
  link_required(type);
  index_names(type);
}

void Schema::set_attributes(Type& type, const std::vector<AttributeUse>& attributes) {
  type.first_attribute = static_cast<std::uint32_t>(all_attributes.size());
  type.attribute_count = static_cast<std::uint32_t>(attributes.size());
  all_attributes.insert(all_attributes.end(), attributes.begin(), attributes.end());
}

void Schema::index_names(Type& type) {
  constexpr std::uint32_t kFewNames = 4;  // comparing them one by one is as fast as a table
  if (type.particle_count <= kFewNames) return;
  std::uint32_t size = 8;
  while (size < type.particle_count * 2) size *= 2;
  type.slots = static_cast<std::uint32_t>(all_slots.size());
  type.slot_mask = size - 1;
  all_slots.resize(all_slots.size() + size);
  std::uint32_t* slots = all_slots.data() + type.slots;
  for (std::uint32_t i = 0; i < type.particle_count; ++i) {
    const Particle& particle = all_particles[type.first_particle + i];
    if (particle.kind != Particle::Kind::element) continue;
    std::uint32_t at = xml::name_hash(particle.name) & type.slot_mask;
    while (slots[at] != 0) at = (at + 1) & type.slot_mask;
    slots[at] = i + 1;
  }
}

void Schema::link_required(Type& type) {
  std::uint32_t next_required = type.particle_count;
  for (std::uint32_t i = type.particle_count; i-- > 0;) {
    Particle& particle = all_particles[type.first_particle + i];
    if (particle.min > 0) next_required = i;
    particle.next_required = next_required;
  }
  type.first_required = next_required;
}

bool Schema::may_replace(TypeId named, TypeId declared) const {
  if (named == kUnresolvedType || declared == kUnresolvedType) return named == declared;
  return derived(named, declared);
}

}  // namespace sfjwt::schema
