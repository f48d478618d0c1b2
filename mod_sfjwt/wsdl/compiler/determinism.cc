// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/determinism.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

namespace sfjwt::wsdl {
namespace {

bool is_element(const schema::Particle& particle) {
  return particle.kind == schema::Particle::Kind::element;
}

// Whether the number of elements it takes is variable.
bool is_open(const schema::Particle& particle) {
  return particle.min != particle.max;
}

bool overlap(const schema::NamespaceConstraint& a, const schema::NamespaceConstraint& b) {
  using Kind = schema::NamespaceConstraint::Kind;
  if (a.kind != Kind::listed && b.kind != Kind::listed)
    return true;  // they always have some namespace in common
  const schema::NamespaceConstraint& listed = a.kind == Kind::listed ? a : b;
  const schema::NamespaceConstraint& other = a.kind == Kind::listed ? b : a;
  return std::any_of(listed.ids.begin(), listed.ids.end(),
                     [&other](xml::NamespaceId id) { return other.allows(id); });
}

// The particles of one type.
class Sequence {
 public:
  Sequence(const schema::Schema& tables, schema::TypeId id, const xmlNode& definition,
           SchemaWarnings& warnings)
      : tables_(tables),
        id_(id),
        definition_(definition),
        particles_(tables.particles(tables.type(id))),
        warnings_(warnings) {}

  void check() {
    for (std::uint32_t i = 0; i < particles_.size(); ++i) {
      if (!is_element(particles_[i])) {
        check_wildcard(i);
      } else if (particles_[i].same_name != 0) {
        check_same_name(particles_[i], particles_[i].same_name, particles_[i + 1].next_required);
      }
    }
  }

 private:
  void check_same_name(const schema::Particle& particle, std::uint32_t later, std::uint32_t next_required) {
    if (is_open(particle) && next_required >= later) ambiguous(particle, later);
    if (particle.type != particles_[later].type) {
      warn(later,
           "elements of one sequence with the same name have different types: " + std::string(particle.name));
    }
  }

  void check_wildcard(std::uint32_t wildcard) {
    const schema::Particle& any = particles_[wildcard];
    for (std::uint32_t i = wildcard; i-- > 0;) {
      if (is_open(particles_[i]) && overlap(particles_[i], any)) ambiguous(particles_[i], wildcard);
      if (particles_[i].min > 0) break;
    }
    if (!is_open(any)) return;
    for (std::uint32_t i = wildcard + 1; i < particles_.size(); ++i) {
      if (overlap(any, particles_[i])) ambiguous(particles_[i], i);
      if (particles_[i].min > 0) break;
    }
  }

  bool overlap(const schema::Particle& a, const schema::Particle& b) const {
    if (is_element(a) && is_element(b)) return a.namespace_id == b.namespace_id && a.name == b.name;
    if (is_element(a)) return tables_.constraint(b).allows(a.namespace_id);
    if (is_element(b)) return tables_.constraint(a).allows(b.namespace_id);
    return wsdl::overlap(tables_.constraint(a), tables_.constraint(b));
  }

  void ambiguous(const schema::Particle& particle, std::uint32_t later) {
    const std::string place = particle.name.empty() ? "a wildcard" : "element " + std::string(particle.name);
    warn(later, "the content model is ambiguous (Unique Particle Attribution) at " + place);
  }

  // `later` is the second of the two particles. If a type inherits both from its base, the base has the
  // warning already.
  void warn(std::uint32_t later, const std::string& what) {
    if (later < tables_.type(tables_.type(id_).base).particle_count) return;
    warnings_.add(definition_, what + "; the first match decides", std::to_string(id_) + what);
  }

  const schema::Schema& tables_;
  const schema::TypeId id_;
  const xmlNode& definition_;
  const std::span<const schema::Particle> particles_;
  SchemaWarnings& warnings_;
};

}  // namespace

void check_determinism(const schema::Schema& tables, const TypeNumbers& types, SchemaWarnings& warnings) {
  for (schema::TypeId id = 0; id < tables.all_types.size(); ++id) {
    if (!types.is_builtin(id)) Sequence(tables, id, *types.definition(id).node, warnings).check();
  }
}

}  // namespace sfjwt::wsdl
