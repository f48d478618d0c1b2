// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/content_model.h"

#include <algorithm>
#include <utility>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/wsdl/dom.h"
#include "mod_sfjwt/wsdl/limits.h"

namespace sfjwt::wsdl {
namespace {

bool is_wildcard(const schema::Particle& particle) {
  return particle.kind != schema::Particle::Kind::element;
}

// nullopt if the element or wildcard has maxOccurs="0", and hence no particle.
Compiled<std::optional<schema::Particle>> particle_of(const xmlNode& node) {
  const auto min = occurrences(node, "minOccurs");
  if (!min) return Unexpected{min.error()};
  const auto max = occurrences(node, "maxOccurs");
  if (!max) return Unexpected{max.error()};
  if (*min > *max) return Unexpected{error_at(node, "minOccurs is greater than maxOccurs")};
  if (*max == 0) return std::optional<schema::Particle>();
  schema::Particle particle;
  particle.min = *min;
  particle.max = *max;
  return std::optional<schema::Particle>(particle);
}

std::optional<schema::Particle::Kind> wildcard_kind(std::string_view process_contents) {
  if (process_contents == "lax") return schema::Particle::Kind::wildcard_lax;
  if (process_contents == "skip") return schema::Particle::Kind::wildcard_skip;
  if (process_contents == "strict") return schema::Particle::Kind::wildcard_strict;
  return std::nullopt;
}

}  // namespace

ContentModel ContentModel::extending(const schema::Schema& tables, schema::TypeId base) {
  const schema::Type& type = tables.type(base);
  const auto particles = tables.particles(type);
  const auto attributes = tables.attributes(type);
  return {{particles.begin(), particles.end()},
          {attributes.begin(), attributes.end()},
          base,
          type.content == schema::Type::Content::mixed,
          type.content == schema::Type::Content::unresolved};
}

std::size_t ContentModel::first_wildcard() const {
  return static_cast<std::size_t>(std::find_if(particles.begin(), particles.end(), is_wildcard) -
                                  particles.begin());
}

Failure ContentCompiler::add(const Component& child, ContentModel& model) {
  if (is_xsd(*child.node, "annotation")) return {};
  if (is_xsd(*child.node, "sequence")) return add_sequence(child, model);
  if (is_xsd(*child.node, "attribute")) return add_attribute(child, model);
  return unsupported(*child.node);
}

// ---- particles

Failure ContentCompiler::add_sequence(const Component& sequence, ContentModel& model) {
  for (const char* name : {"minOccurs", "maxOccurs"}) {
    const auto times = occurrences(*sequence.node, name);
    if (!times) return times.error();
    if (*times != 1)
      return error_at(*sequence.node, "a sequence that may be left out or repeated is not supported");
  }
  for (const xmlNode& child : ChildElements(*sequence.node)) {
    if (auto failure = add_to_sequence({&child, sequence.schema}, model)) return failure;
  }
  return {};
}

Failure ContentCompiler::add_to_sequence(const Component& child, ContentModel& model) {
  if (is_xsd(*child.node, "annotation")) return {};
  if (is_xsd(*child.node, "element")) return add_element(child, model);
  if (is_xsd(*child.node, "any")) return add_wildcard(child, model);
  if (is_xsd(*child.node, "sequence")) return add_sequence(child, model);
  return unsupported(*child.node);
}

Failure ContentCompiler::add_element(const Component& element, ContentModel& model) {
  auto particle = particle_of(*element.node);
  if (!particle) return particle.error();
  if (!*particle) return {};
  auto failure = has_attribute(*element.node, "ref") ? refer(*element.node, **particle)
                                                     : name_local(element, **particle);
  return failure ? failure : add_particle(*element.node, **particle, model);
}

Failure ContentCompiler::name_local(const Component& element, schema::Particle& particle) {
  const auto name = attribute(*element.node, "name");
  if (!name || name->empty()) return error_at(*element.node, "xsd:element has neither name nor ref");
  particle.name = interned(*name);
  const auto with_namespace = qualified(*element.node, *element.schema, "elementFormDefault");
  if (!with_namespace) return with_namespace.error();
  if (*with_namespace) particle.namespace_id = target_namespace(*element.schema);
  const auto declaration = elements_.at(element);
  if (!declaration) return declaration.error();
  particle.type = declaration->type;
  particle.nillable = declaration->nillable;
  return {};
}

// A reference has the type and nillability of the global declaration (section 3.3.2).
Failure ContentCompiler::refer(const xmlNode& element, schema::Particle& particle) {
  const auto name = resolved(element, *attribute(element, "ref"));
  if (!name) return error_at(element, "the prefix of ref is not declared");
  particle.name = interned(name->local_name);
  particle.namespace_id = namespaces_.add(name->namespace_uri);
  const auto* global = components_.elements.find(*name);
  if (!global) {
    particle.type = schema::kUnresolvedType;
    warnings_.add_missing(element, "element " + shown(*name) + " is not declared");
    return {};
  }
  const auto declaration = elements_.declare(*global);
  if (!declaration) return declaration.error();
  particle.type = declaration->type;
  particle.nillable = declaration->nillable;
  return {};
}

Failure ContentCompiler::add_wildcard(const Component& any, ContentModel& model) {
  auto particle = particle_of(*any.node);
  if (!particle) return particle.error();
  if (!*particle) return {};
  const auto kind = wildcard_kind(attribute(*any.node, "processContents").value_or("strict"));
  if (!kind) return error_at(*any.node, "processContents is neither lax, skip nor strict");
  auto constraint = constraint_of(any);
  if (!constraint) return constraint.error();
  (*particle)->kind = *kind;
  (*particle)->wildcard = static_cast<std::uint32_t>(tables_.constraints.size());
  tables_.constraints.push_back(*std::move(constraint));
  return add_particle(*any.node, **particle, model);
}

Compiled<schema::NamespaceConstraint> ContentCompiler::constraint_of(const Component& any) {
  using Kind = schema::NamespaceConstraint::Kind;
  const std::string text = attribute(*any.node, "namespace").value_or("##any");
  if (text == "##any") return schema::NamespaceConstraint{};
  if (text == "##other") return schema::NamespaceConstraint{Kind::other, {target_namespace(*any.schema)}};
  schema::NamespaceConstraint constraint{Kind::listed, {}};
  std::string_view list = text;
  while (!(list = trimmed(list)).empty()) {
    const std::string_view item = list.substr(0, list.find_first_of(" \t\r\n"));
    list.remove_prefix(item.size());
    if (constraint.ids.size() == kMaxWildcardNamespaces) {
      return Unexpected{
          error_at(*any.node, "the wildcard has " + more_than(kMaxWildcardNamespaces, "namespaces"))};
    }
    constraint.ids.push_back(item == "##targetNamespace" ? target_namespace(*any.schema)
                             : item == "##local"         ? xml::kNoNamespace
                                                         : namespaces_.add(item));
  }
  return constraint;
}

Failure ContentCompiler::add_particle(const xmlNode& node, const schema::Particle& particle,
                                      ContentModel& model) {
  if (model.particles.size() == kMaxParticles)
    return error_at(node, "the type has " + more_than(kMaxParticles, "elements"));
  if (is_wildcard(particle)) {
    const auto wildcards = std::count_if(model.particles.begin(), model.particles.end(), is_wildcard);
    if (static_cast<std::size_t>(wildcards) == kMaxWildcards)
      return error_at(node, "the type has " + more_than(kMaxWildcards, "wildcards"));
  }
  model.particles.push_back(particle);
  return {};
}

// ---- attributes

Failure ContentCompiler::add_attribute(const Component& node, ContentModel& model) {
  const std::string use = attribute(*node.node, "use").value_or("optional");
  if (use == "prohibited") return {};
  schema::AttributeUse attribute_use;
  attribute_use.required = use == "required";
  const auto declaration = name_attribute(node, attribute_use);
  if (!declaration) return declaration.error();
  for (const char* name : {"default", "fixed"}) {
    if (auto failure = refuse_attribute(*node.node, name)) return failure;
    if (auto failure = refuse_attribute(**declaration, name)) return failure;
  }
  if (has_attribute(**declaration, "type")) {
    const auto type = types_.named_by(**declaration, "type");
    if (!type) return type.error();
    attribute_use.type = *type;
  } else if (const xmlNode* inner = child(**declaration, kXsdNamespace, "simpleType")) {
    attribute_use.type = types_.of_anonymous({inner, node.schema});
  }
  if (model.attributes.size() == kMaxTypeAttributes)
    return error_at(*node.node, "the type has " + more_than(kMaxTypeAttributes, "attributes"));
  model.attributes.push_back(std::move(attribute_use));
  return {};
}

// Returns the declaration: the global one that `ref` names, or the local one.
Compiled<const xmlNode*> ContentCompiler::name_attribute(const Component& node, schema::AttributeUse& use) {
  if (has_attribute(*node.node, "ref")) {
    const auto name = resolved(*node.node, *attribute(*node.node, "ref"));
    const auto* global = name ? components_.attributes.find(*name) : nullptr;
    if (!global) return Unexpected{error_at(*node.node, "xsd:attribute refers to one that is not declared")};
    use.name = name->local_name;
    use.namespace_id = namespaces_.add(name->namespace_uri);
    return global->second.node;
  }
  use.name = attribute(*node.node, "name").value_or("");
  if (use.name.empty()) return Unexpected{error_at(*node.node, "xsd:attribute has neither name nor ref")};
  const auto with_namespace = qualified(*node.node, *node.schema, "attributeFormDefault");
  if (!with_namespace) return Unexpected{with_namespace.error()};
  if (*with_namespace) use.namespace_id = target_namespace(*node.schema);
  return node.node;
}

// ---- names

xml::NamespaceId ContentCompiler::target_namespace(const xmlNode& schema) {
  return namespaces_.add(attribute(schema, "targetNamespace").value_or(""));
}

std::string_view ContentCompiler::interned(const std::string& name) {
  const auto [found, fresh] = interned_.emplace(name, std::string_view());
  if (fresh) found->second = tables_.names.emplace_back(name);
  return found->second;
}

}  // namespace sfjwt::wsdl
