// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/type_compiler.h"

#include <algorithm>
#include <utility>

#include "mod_sfjwt/wsdl/compiler/simple_type_compiler.h"
#include "mod_sfjwt/wsdl/dom.h"
#include "mod_sfjwt/wsdl/limits.h"

namespace sfjwt::wsdl {
namespace {

constexpr int kMaxDepth = kMaxDerivations + 1;

// The only child of xsd:simpleType or xsd:complexContent that defines the derivation.
Compiled<const xmlNode*> derivation_of(const xmlNode& parent, const char* kind) {
  const xmlNode* derivation = nullptr;
  for (const xmlNode& child : ChildElements(parent)) {
    if (is_xsd(child, "annotation")) continue;
    if (!is_xsd(child, kind)) return Unexpected{unsupported(child)};
    derivation = &child;
  }
  if (derivation) return derivation;
  return Unexpected{
      error_at(parent, "xsd:" + std::string(local_name(parent)) + " has no " + std::string(kind))};
}

}  // namespace

Failure TypeCompiler::compile_waiting() {
  while (const auto id = types_.next_waiting()) {
    if (auto failure = compile(*id)) return failure;
  }
  return {};
}

TypeCompiler::Progress& TypeCompiler::progress(schema::TypeId id) {
  if (progress_.size() < tables_.all_types.size()) progress_.resize(tables_.all_types.size());
  return progress_[id];
}

Failure TypeCompiler::compile(schema::TypeId id) {
  if (types_.is_builtin(id) || progress(id).step == Progress::Step::compiled) return {};
  if (progress(id).step == Progress::Step::compiling)
    return error_at(*types_.definition(id).node, "the type is derived from itself");
  progress(id).step = Progress::Step::compiling;
  if (++depth_ > kMaxDepth) return too_derived(id);
  auto failure = is_xsd(*types_.definition(id).node, "simpleType") ? compile_simple(id) : compile_complex(id);
  --depth_;
  progress(id).step = Progress::Step::compiled;
  return failure;
}

// Counts one derivation step more than for the base.
Failure TypeCompiler::derive(schema::TypeId id, schema::TypeId base) {
  const int derivations = base == schema::kAnyType ? 0 : progress(base).derivations + 1;
  progress(id).derivations = derivations;
  if (derivations > kMaxDerivations) return too_derived(id);
  return {};
}

soap::WsdlError TypeCompiler::too_derived(schema::TypeId id) const {
  return error_at(*types_.definition(id).node,
                  "the type is derived from others in " + more_than(kMaxDerivations, "steps"));
}

// ---- simple types

Failure TypeCompiler::compile_simple(schema::TypeId id) {
  const Component definition = types_.definition(id);
  const auto restriction = derivation_of(*definition.node, "restriction");
  if (!restriction) return restriction.error();
  const auto base = base_of_simple(definition, **restriction);
  if (!base) return base.error();
  if (auto failure = compile(*base)) return failure;
  if (auto failure = derive(id, *base)) return failure;
  tables_.all_types[id].base = *base;
  tables_.all_types[id].content = tables_.type(*base).content;
  switch (tables_.type(*base).content) {
    case schema::Type::Content::unresolved:
      return {};
    case schema::Type::Content::simple:
      return restrict_simple(id, **restriction, *base);
    case schema::Type::Content::empty:
    case schema::Type::Content::elements:
    case schema::Type::Content::mixed:
    case schema::Type::Content::anything:
      break;
  }
  return error_at(**restriction, "the base of a simple type is not simple");
}

Compiled<schema::TypeId> TypeCompiler::base_of_simple(const Component& definition,
                                                      const xmlNode& restriction) {
  if (has_attribute(restriction, "base")) return types_.named_by(restriction, "base");
  if (const xmlNode* inner = child(restriction, kXsdNamespace, "simpleType"))
    return types_.of_anonymous({inner, definition.schema});
  return Unexpected{error_at(restriction, "xsd:restriction has no base")};
}

Failure TypeCompiler::restrict_simple(schema::TypeId id, const xmlNode& restriction, schema::TypeId base) {
  auto simple = restricted(restriction, tables_.simple_type(tables_.type(base)), namespaces_, tolerance_);
  if (!simple) return simple.error();
  if (auto failure = count_facets(*simple, *types_.definition(id).node)) return failure;
  tables_.all_types[id].simple = static_cast<std::uint32_t>(tables_.all_simple_types.size());
  tables_.all_simple_types.push_back(*std::move(simple));
  return {};
}

// The facets are copied from type to type, so their total is limited.
Failure TypeCompiler::count_facets(const schema::SimpleType& simple, const xmlNode& node) {
  facets_ += simple.enumeration.size() + simple.q_names.size();
  for (const auto& alternatives : simple.patterns) facets_ += alternatives.size();
  if (facets_ <= kMaxFacets) return {};
  return error_at(
      node, "all types have " + more_than(kMaxFacets, "enumerated values and patterns, with inherited ones"));
}

// ---- complex types

Failure TypeCompiler::compile_complex(schema::TypeId id) {
  const Component definition = types_.definition(id);
  if (auto failure = refuse_attribute(*definition.node, "block")) return failure;
  auto model = content_of(definition);
  if (!model) return model.error();
  const auto abstract = flag(*definition.node, "abstract");
  if (!abstract) return abstract.error();
  return store(id, *std::move(model), *abstract);
}

Compiled<ContentModel> TypeCompiler::content_of(const Component& definition) {
  ContentModel model;
  const auto mixed = flag(*definition.node, "mixed");
  if (!mixed) return Unexpected{mixed.error()};
  model.mixed = *mixed;
  const xmlNode* extension = nullptr;
  for (const xmlNode& child : ChildElements(*definition.node)) {
    if (!is_xsd(child, "complexContent")) {
      if (auto failure = contents_.add({&child, definition.schema}, model))
        return Unexpected{*std::move(failure)};
      continue;
    }
    if (has_attribute(child, "mixed")) {
      const auto mixed_content = flag(child, "mixed");
      if (!mixed_content) return Unexpected{mixed_content.error()};
      model.mixed = *mixed_content;
    }
    const auto derivation = derivation_of(child, "extension");
    if (!derivation) return Unexpected{derivation.error()};
    extension = *derivation;
  }
  if (!extension) return model;
  if (auto failure = inherit(*extension, model)) return Unexpected{*std::move(failure)};
  for (const xmlNode& child : ChildElements(*extension)) {
    if (auto failure = contents_.add({&child, definition.schema}, model))
      return Unexpected{*std::move(failure)};
  }
  return model;
}

Failure TypeCompiler::inherit(const xmlNode& extension, ContentModel& model) {
  if (!has_attribute(extension, "base")) return error_at(extension, "xsd:extension has no base");
  const auto base = types_.named_by(extension, "base");
  if (!base) return base.error();
  if (auto failure = compile(*base)) return failure;
  if (tables_.type(*base).content == schema::Type::Content::simple || *base == schema::kAnyType)
    return error_at(extension, "an extension of this type is not supported");
  const bool mixed = model.mixed;
  model = ContentModel::extending(tables_, *base);
  model.mixed = model.mixed || mixed;
  return {};
}

Failure TypeCompiler::store(schema::TypeId id, ContentModel model, bool abstract) {
  if (auto failure = derive(id, model.base)) return failure;
  const std::size_t flattened = tables_.all_particles.size() + tables_.all_attributes.size();
  if (flattened + model.particles.size() + model.attributes.size() > kMaxFlattened) {
    return error_at(*types_.definition(id).node, "all types have " + more_than(kMaxFlattened,
                                                                               "elements and attributes, "
                                                                               "with inherited ones"));
  }
  schema::Type& type = tables_.all_types[id];
  type.content = kind_of(model);
  type.abstract = abstract;
  type.base = model.base;
  type.required_attributes = std::any_of(model.attributes.begin(), model.attributes.end(),
                                         [](const schema::AttributeUse& use) { return use.required; });
  type.first_wildcard = static_cast<std::uint32_t>(model.first_wildcard());
  tables_.set_attributes(type, model.attributes);
  tables_.set_particles(type, std::move(model.particles));
  return {};
}

// A type without particles has empty content, where even white space is invalid (section 3.4.4, clause 2.1).
schema::Type::Content TypeCompiler::kind_of(const ContentModel& model) const {
  if (model.unresolved) return schema::Type::Content::unresolved;
  if (model.mixed) return schema::Type::Content::mixed;
  return model.particles.empty() && !tolerance_.relaxations.blank_empty ? schema::Type::Content::empty
                                                                        : schema::Type::Content::elements;
}

}  // namespace sfjwt::wsdl
