// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/relaxation.h"

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace sfjwt::schema {
namespace {

bool is_element(const Particle& particle) {
  return particle.kind == Particle::Kind::element;
}

// All elements first, then one wildcard at most: it is clear what a wildcard leaves to the elements.
bool wildcard_comes_last(const Type& type) {
  return type.first_wildcard + 1 >= type.particle_count;
}

// Whether it does not matter which of two particles with one name takes a child.
bool interchangeable(const Particle& first, const Particle& second) {
  return first.type == second.type && first.nillable == second.nillable && first.max == 1 &&
         second.max == 1 && first.min >= second.min;
}

}  // namespace

void SchemaRelaxation::begin(xml::NamespaceId messages) {
  messages_ = messages;
  records_ = xml::kNoNamespace;
}

// Types of the objects get a second name in the namespace of the messages, where that has none of the name.
void SchemaRelaxation::apply_to_type(const xml::Name& name) {
  const TypeId id = *schema_.types_by_name.find(name);
  const xml::NamespaceId own = name.namespace_id;
  if (relaxations_.message_namespace) schema_.types_by_name.insert({messages_, name.local}, id);
  if (relaxations_.optional_test_level) make_test_level_optional(name, id);
  const bool open = open_record(id, own);
  if (open) records_ = own;
  if (open && relaxations_.object_types) {
    add_object_type(id, own, own);
    if (messages_ != own) add_object_type(id, own, messages_);
  }
  const TypeId record = record_extended_by(id, own);
  if (record != kAnyType && relaxations_.unprefixed_types) add_unprefixed_records(record, own);
  if (!relaxations_.record_namespace) return;
  if (record != kAnyType && !open_record(record, own)) accept_alternative(record, own, messages_);
  if (record != kAnyType || open) accept_alternative(id, own, messages_);
}

// A record as the partner API has it: the name of its object in `type`, then whatever fields this has.
bool SchemaRelaxation::open_record(TypeId id, xml::NamespaceId own) const {
  const auto particles = schema_.particles(schema_.type(id));
  if (particles.empty() || particles.back().kind != Particle::Kind::wildcard_lax) return false;
  const NamespaceConstraint& fields = schema_.constraint(particles.back());
  return fields.kind == NamespaceConstraint::Kind::listed &&
         fields.ids == std::vector<xml::NamespaceId>{own} &&
         std::any_of(particles.begin(), particles.end(), [this, own](const Particle& particle) {
           return names_object(particle) && particle.namespace_id == own;
         });
}

// The child of a record that names its object.
bool SchemaRelaxation::names_object(const Particle& particle) const {
  return particle.name == names_.object_name && particle.type == id_of(Builtin::string);
}

// The record once more, in the namespace of the xsi:type.
void SchemaRelaxation::add_object_type(TypeId record, xml::NamespaceId own, xml::NamespaceId named_in) {
  Type type = schema_.type(record);
  const auto of_record = schema_.particles(type);
  std::vector<Particle> particles(of_record.begin(), of_record.end());
  for (Particle& particle : particles) {
    if (particle.namespace_id == own) particle.namespace_id = named_in;
  }
  particles.back().wildcard = static_cast<std::uint32_t>(schema_.constraints.size());
  schema_.constraints.push_back({NamespaceConstraint::Kind::listed, {named_in}});
  type.base = record;
  type.first_particle = static_cast<std::uint32_t>(schema_.all_particles.size());
  schema_.all_particles.insert(schema_.all_particles.end(), particles.begin(), particles.end());
  schema_.link_required(type);
  schema_.object_types.push_back({record, named_in, static_cast<TypeId>(schema_.all_types.size())});
  schema_.all_types.push_back(type);
  schema_.type_names.push_back(schema_.name_of(record));
}

// What a type of the enterprise API's objects extends, in one namespace with it: that of all records.
// kAnyType if it is no such type.
TypeId SchemaRelaxation::record_extended_by(TypeId id, xml::NamespaceId own) {
  const TypeId base = schema_.type(id).base;
  if (own == messages_ || schema_.type(id).content != Type::Content::elements || base == kAnyType)
    return kAnyType;
  const TypeId* in_own = schema_.types_by_name.find({own, schema_.name_of(base)});
  return in_own && *in_own == base && particle(base, names_.record_id) ? base : kAnyType;
}

void SchemaRelaxation::add_unprefixed_records(TypeId declared, xml::NamespaceId own) {
  auto& known = schema_.unprefixed_records;
  const bool is_new = std::none_of(known.begin(), known.end(), [declared](const UnprefixedRecords& records) {
    return records.declared == declared;
  });
  if (is_new) known.push_back({declared, own});
}

void SchemaRelaxation::make_test_level_optional(const xml::Name& name, TypeId id) {
  if (name.namespace_id != messages_ || name.local != names_.test_level.parent) return;
  if (Particle* level = particle(id, names_.test_level.child)) level->min = 0;
  schema_.link_required(schema_.all_types[id]);
}

// Children declared in one namespace, all of them, may stand in another.
void SchemaRelaxation::accept_alternative(TypeId id, xml::NamespaceId declared,
                                          xml::NamespaceId alternative) {
  Type& type = schema_.all_types[id];
  if (alternative == declared || !wildcard_comes_last(type)) return;
  for (const Particle& particle : schema_.particles(type)) {
    if (is_element(particle) && particle.namespace_id != declared) return;
  }
  if (type.first_wildcard < type.particle_count) {
    Particle& fields = schema_.all_particles[type.first_particle + type.first_wildcard];
    NamespaceConstraint constraint = schema_.constraint(fields);
    if (constraint.kind != NamespaceConstraint::Kind::listed || constraint.allows(alternative)) return;
    constraint.ids.push_back(alternative);
    fields.wildcard = static_cast<std::uint32_t>(schema_.constraints.size());
    schema_.constraints.push_back(std::move(constraint));
  }
  type.alternative_namespace = alternative;
}

void SchemaRelaxation::apply_to_input(const xml::Name& element) {
  const ElementDeclaration* declaration = schema_.element(element);
  if (!declaration) return;
  const TypeId id = declaration->type;
  const auto has_parameters = [this, id] { return schema_.type(id).particle_count > 0; };
  if (relaxations_.generated_names) schema_.all_types[id].generated_names = has_parameters();
  for (const KnownAlias& known : names_.aliases) {
    if (relaxations_.*known.relaxation && known.operation == element.local)
      add_alias(id, known.parameter, known.alias);
  }
  if (records_ == xml::kNoNamespace || element.namespace_id != messages_) return;
  const auto& operations = names_.operations_on_records;
  const bool on_records = std::find(operations.begin(), operations.end(), element.local) != operations.end();
  if (relaxations_.parameter_namespace && on_records && has_parameters())
    accept_alternative(id, messages_, parameter_namespace());
  if (relaxations_.lead_namespace && element.local == names_.conversions.parent) {
    if (const Particle* converted = particle(id, names_.conversions.child))
      accept_alternative(converted->type, messages_, records_);
  }
}

void SchemaRelaxation::add_alias(TypeId input, std::string_view parameter, std::string_view alias) {
  const Type& type = schema_.type(input);
  const Particle* known = particle(input, parameter);
  if (!known || particle(input, alias) || type.first_wildcard < type.particle_count) return;
  const auto index = static_cast<std::uint32_t>(known - schema_.particles(type).data());
  schema_.parameter_aliases.push_back({input, std::string(alias), index});
}

// jsforce leaves out `urn:`.
xml::NamespaceId SchemaRelaxation::parameter_namespace() const {
  constexpr std::string_view kScheme = "urn:";
  const std::string uri = namespaces_.uri_of(records_);
  return uri.starts_with(kScheme) ? namespaces_.add(uri.substr(kScheme.size())) : messages_;
}

Particle* SchemaRelaxation::particle(TypeId id, std::string_view name) {
  const auto particles = schema_.particles(schema_.type(id));
  const auto found = std::find_if(particles.begin(), particles.end(), [name](const Particle& particle) {
    return is_element(particle) && particle.name == name;
  });
  if (found == particles.end()) return nullptr;
  return &schema_.all_particles[schema_.type(id).first_particle +
                                static_cast<std::size_t>(found - particles.begin())];
}

// ---- the whole schema

void SchemaRelaxation::apply_to_all() {
  for (Type& type : schema_.all_types) {
    if (relaxations_.any_order) free_order(type);
    if (relaxations_.unqualified) accept_unqualified(type);
    if (relaxations_.optional_nillable || relaxations_.optional_booleans) make_optional(type);
  }
  for (const ObjectType& object : schema_.object_types) make_object_optional(schema_.all_types[object.type]);
  if (relaxations_.unqualified) open_wildcards_to_no_namespace();
  if (relaxations_.value_types) ignore_types_of_values();
  schema_.nil_anywhere = relaxations_.nil_anywhere;
  schema_.encoding_style = relaxations_.encoding_style;
}

// Where the order decides which of two particles takes a child, it stays. An element may give way to a
// wildcard where it is required once, or as often as one likes.
void SchemaRelaxation::free_order(Type& type) {
  if (!wildcard_comes_last(type)) return;
  const std::span<Particle> particles(schema_.all_particles.data() + type.first_particle,
                                      type.particle_count);
  for (Particle& particle : particles) {
    if (!is_element(particle)) continue;
    if (particle.same_name != 0 && !interchangeable(particle, particles[particle.same_name])) return;
    const bool shared = type.first_wildcard < type.particle_count &&
                        schema_.constraint(particles.back()).allows(particle.namespace_id);
    if (!shared || (particle.min == 1 && particle.max == 1)) continue;
    if (particle.min != 0 || particle.max == 1 || particles.back().max != kUnbounded) return;
    particle.yields = true;
  }
  type.any_order = true;
}

void SchemaRelaxation::make_optional(Type& type) {
  if (!wildcard_comes_last(type)) return;
  const std::span<Particle> particles(schema_.all_particles.data() + type.first_particle,
                                      type.particle_count);
  for (Particle& particle : particles) {
    if (relaxations_.optional_nillable && particle.nillable) particle.min = 0;
    if (relaxations_.optional_booleans && particle.type == id_of(Builtin::boolean)) particle.min = 0;
  }
  schema_.link_required(type);
}

// The xsi:type stands for `type`.
void SchemaRelaxation::make_object_optional(Type& type) {
  for (std::uint32_t i = 0; i < type.particle_count; ++i) {
    Particle& particle = schema_.all_particles[type.first_particle + i];
    if (names_object(particle)) particle.min = 0;
  }
  schema_.link_required(type);
}

// Not where a child without namespace already has a meaning.
void SchemaRelaxation::accept_unqualified(Type& type) const {
  const auto particles = schema_.particles(type);
  const bool has_a_meaning =
      std::any_of(particles.begin(), particles.end(), [this](const Particle& particle) {
        return is_element(particle) ? particle.namespace_id == xml::kNoNamespace
                                    : schema_.constraint(particle).allows(xml::kNoNamespace);
      });
  if (!has_a_meaning) type.no_namespace = xml::kNoNamespace;
}

void SchemaRelaxation::open_wildcards_to_no_namespace() {
  std::set<std::uint32_t> closed;
  for (const Type& type : schema_.all_types) {
    if (wildcard_comes_last(type)) continue;
    for (const Particle& particle : schema_.particles(type)) {
      if (!is_element(particle)) closed.insert(particle.wildcard);
    }
  }
  for (std::uint32_t i = 0; i < schema_.constraints.size(); ++i) {
    NamespaceConstraint& constraint = schema_.constraints[i];
    if (constraint.kind == NamespaceConstraint::Kind::listed && !closed.contains(i))
      constraint.ids.push_back(xml::kNoNamespace);
  }
}

// Not where a derived type reads white space in another way: there it may take what the declared one does
// not.
void SchemaRelaxation::ignore_types_of_values() {
  for (Type& type : schema_.all_types) type.any_xsi_type = type.content == Type::Content::simple;
  for (const Type& type : schema_.all_types) {
    if (type.content != Type::Content::simple) continue;
    const WhiteSpace white_space = schema_.simple_type(type).white_space;
    for (TypeId id = type.base; id != kAnyType; id = schema_.type(id).base) {
      Type& base = schema_.all_types[id];
      const SimpleType& declared = schema_.simple_type(base);
      if (declared.white_space != white_space && !declared.unrestricted()) base.any_xsi_type = false;
    }
  }
}

}  // namespace sfjwt::schema
