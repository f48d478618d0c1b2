// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/schema_relaxation.h"

#include <algorithm>
#include <vector>

namespace sfjwt::soap {
namespace {

// The child of a record that names its object.
bool names_object(const Particle& particle) {
  return particle.name == "type" && particle.type == id_of(Builtin::string);
}

}  // namespace

// Types of the objects get a second name in the namespace of the messages, where that has none of the name.
void SchemaRelaxation::apply_to_type(const Name& name, NamespaceId messages) {
  const TypeId id = *schema_.types_by_name_.find(name);
  if (relaxations_.message_namespace) schema_.types_by_name_.insert({messages, name.local}, id);
  const NamespaceId own = name.namespace_id;
  if (!relaxations_.object_types || !open_record(id, own)) return;
  add_object_type(id, own, own);
  if (messages != own) add_object_type(id, own, messages);
}

// A record as the partner API has it: the name of its object in `type`, then whatever fields this has.
bool SchemaRelaxation::open_record(TypeId id, NamespaceId own) const {
  const auto particles = schema_.particles(schema_.type(id));
  if (particles.empty() || particles.back().kind != Particle::Kind::wildcard_lax) return false;
  const NamespaceConstraint& fields = schema_.constraint(particles.back());
  return fields.kind == NamespaceConstraint::Kind::listed && fields.ids == std::vector<NamespaceId>{own} &&
         std::any_of(particles.begin(), particles.end(), [own](const Particle& particle) {
           return names_object(particle) && particle.namespace_id == own;
         });
}

// The record once more, in the namespace of the xsi:type and with an optional `type`, which that stands for.
void SchemaRelaxation::add_object_type(TypeId record, NamespaceId own, NamespaceId named_in) {
  Type type = schema_.type(record);
  const auto of_record = schema_.particles(type);
  std::vector<Particle> particles(of_record.begin(), of_record.end());
  for (Particle& particle : particles) {
    if (names_object(particle)) particle.min = 0;
    if (particle.namespace_id == own) particle.namespace_id = named_in;
  }
  particles.back().wildcard = static_cast<std::uint32_t>(schema_.constraints_.size());
  schema_.constraints_.push_back({NamespaceConstraint::Kind::listed, {named_in}});
  type.base = record;
  type.first_particle = static_cast<std::uint32_t>(schema_.particles_.size());
  schema_.particles_.insert(schema_.particles_.end(), particles.begin(), particles.end());
  schema_.link_required(type);
  schema_.object_types_.push_back({record, named_in, static_cast<TypeId>(schema_.types_.size())});
  schema_.types_.push_back(type);
  schema_.type_names_.push_back(schema_.name_of(record));
}

void SchemaRelaxation::apply_to_input(const Name& element) {
  const ElementDeclaration* declaration = schema_.element(element);
  if (!relaxations_.generated_names || !declaration) return;
  Type& type = schema_.types_[declaration->type];
  type.generated_names = type.particle_count > 0;
}

void SchemaRelaxation::apply_to_all() {
  if (relaxations_.optional_nillable || relaxations_.optional_booleans) make_optional();
  if (relaxations_.unqualified) open_wildcards_to_no_namespace();
  schema_.value_types_ = relaxations_.value_types;
  schema_.nil_anywhere_ = relaxations_.nil_anywhere;
}

void SchemaRelaxation::make_optional() {
  for (Particle& particle : schema_.particles_) {
    if (relaxations_.optional_nillable && particle.nillable) particle.min = 0;
    if (relaxations_.optional_booleans && particle.type == id_of(Builtin::boolean)) particle.min = 0;
  }
  for (Type& type : schema_.types_) schema_.link_required(type);
}

void SchemaRelaxation::open_wildcards_to_no_namespace() {
  for (NamespaceConstraint& constraint : schema_.constraints_) {
    if (constraint.kind == NamespaceConstraint::Kind::listed) constraint.ids.push_back(kNoNamespace);
  }
}

}  // namespace sfjwt::soap
