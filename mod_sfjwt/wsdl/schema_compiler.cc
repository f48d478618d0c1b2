// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/schema_compiler.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/schema/relaxation.h"
#include "mod_sfjwt/wsdl/declarations.h"
#include "mod_sfjwt/wsdl/dom.h"
#include "mod_sfjwt/wsdl/limits.h"
#include "mod_sfjwt/wsdl/same_definition.h"
#include "mod_sfjwt/wsdl/simple_type_compiler.h"

namespace sfjwt::wsdl {
namespace {

// Unwinds to compile_schema; inside the compiler an error is final.
struct SchemaError {
  soap::WsdlError error;
};

[[noreturn]] void fail(const xmlNode& element, const std::string& message) {
  throw SchemaError{error_at(element, message)};
}

[[noreturn]] void unsupported(const xmlNode& element) {
  fail(element, "xsd:" + std::string(local_name(element)) + " is not supported");
}

bool is_xsd(const xmlNode& element, std::string_view local) {
  return is(element, kXsdNamespace, local);
}

bool flag(const xmlNode& element, const char* name) {
  const auto value = attribute(element, name);
  if (!value || *value == "false" || *value == "0") return false;
  if (*value == "true" || *value == "1") return true;
  fail(element, std::string(name) + " is neither true nor false");
}

std::uint32_t occurrences(const xmlNode& element, const char* name) {
  const auto value = attribute(element, name);
  if (!value) return 1;
  if (*value == "unbounded" && std::string_view(name) == "maxOccurs") return schema::kUnbounded;
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), count);
  if (error != std::errc() || end != value->data() + value->size() || count >= schema::kUnbounded) {
    fail(element, std::string(name) + " is no number of occurrences");
  }
  return count;
}

void refuse_attribute(const xmlNode& element, const char* name) {
  const auto value = attribute(element, name);
  if (value && !value->empty())
    fail(element, "the attribute " + std::string(name) + " of xsd:" + std::string(local_name(element)) +
                      " is not supported");
}

// How deep types may be compiled within each other: a base within what is derived from it.
constexpr int kMaxCompiling = kMaxDerivations + 1;

// One top-level component of a schema and what its schema says about all of them.
struct Component {
  const xmlNode* node = nullptr;
  const xmlNode* schema = nullptr;
};

}  // namespace

// From the documents' trees to flat tables, one type at a time: a type is numbered when it is first named,
// compiled when its turn comes, and its base before itself.
class SchemaCompiler {
 public:
  SchemaCompiler(xml::Namespaces& namespaces, const schema::Relaxations& relaxations)
      : namespaces_(namespaces), relaxations_(relaxations), schema_(std::make_shared<schema::Schema>()) {}

  schema::CompiledSchema compile(std::span<const WsdlDocument> documents, std::span<const soap::Wsdl> wsdls) {
    add_builtins();
    for (const WsdlDocument& document : documents) collect(document);
    for (const auto& [name, component] : type_components_) number(name);
    compile_pending();
    for (const auto& [name, component] : elements_) declare_element(name, component);
    compile_pending();  // anonymous types of global elements
    check_determinism();
    relax(documents, wsdls);
    return {std::move(schema_), std::move(warnings_)};
  }

 private:
  using Components = std::vector<std::pair<xml::QName, Component>>;
  enum class Progress : std::uint8_t { numbered, compiling, compiled };
  struct Pending {
    schema::TypeId id;
    const xmlNode* node;
    const xmlNode* schema;
  };

  // ---- what there is

  void add_builtins() {
    new_type("anyType").content = schema::Type::Content::anything;
    new_type("a type that the WSDL does not define").content = schema::Type::Content::unresolved;
    for (std::size_t i = 0;; ++i) {
      const auto builtin = static_cast<schema::Builtin>(i);
      schema::Type& type = new_type(std::string(schema::name_of(builtin)));
      type.content = schema::Type::Content::simple;
      type.base =
          builtin == schema::Builtin::any_simple ? schema::kAnyType : schema::id_of(schema::base_of(builtin));
      type.simple = static_cast<std::uint32_t>(i);
      schema::SimpleType simple;
      simple.builtin = builtin;
      simple.white_space = schema::white_space_of(builtin);
      simple.date_time_for_date = builtin == schema::Builtin::date && relaxations_.date_time_for_date;
      schema_->all_simple_types.push_back(std::move(simple));
      schema_->types_by_name.insert({xml::kXsd, schema::name_of(builtin)}, schema::id_of(builtin));
      progress_.back() = Progress::compiled;
      if (builtin == schema::Builtin::base64_binary) break;
    }
    progress_[schema::kAnyType] = progress_[schema::kUnresolvedType] = Progress::compiled;
    schema_->types_by_name.insert({xml::kXsd, "anyType"}, schema::kAnyType);
  }

  schema::Type& new_type(std::string name) {
    schema_->type_names.push_back(std::move(name));
    progress_.push_back(Progress::numbered);
    derivations_.push_back(0);
    return schema_->all_types.emplace_back();
  }

  void collect(const WsdlDocument& document) {
    for (const xmlNode* schema : document.schemas) {
      const std::string target = attribute(*schema, "targetNamespace").value_or("");
      namespaces_.add(target);
      refuse_attribute(*schema, "blockDefault");
      for (const xmlNode& child : ChildElements(*schema)) {
        if (namespace_name(child) != kXsdNamespace) fail(child, "an element that is not XML Schema");
        const std::string_view kind = local_name(child);
        if (kind == "annotation" || kind == "import" || kind == "include") continue;
        const bool type = kind == "complexType" || kind == "simpleType";
        if (!type && kind != "element" && kind != "attribute") unsupported(child);
        const auto name = attribute(child, "name");
        if (!name || name->empty()) fail(child, "xsd:" + std::string(kind) + " has no name");
        Components& components = type ? type_components_ : kind == "element" ? elements_ : attributes_;
        auto& index = type ? type_index_ : kind == "element" ? element_index_ : attribute_index_;
        const xml::QName qname{target, *name};
        const auto [defined, is_new] = index.emplace(key(qname), components.size());
        if (!is_new) {
          check_repetition(qname, *components[defined->second].second.node, child);
          continue;
        }
        if (components.size() == kMaxComponents) {
          fail(child,
               "the schemas have " + more_than(kMaxComponents, type                ? "named types"
                                                               : kind == "element" ? "global elements"
                                                                                   : "global attributes"));
        }
        components.push_back({qname, {&child, schema}});
      }
    }
  }

  // The backend has published WSDLs that define a type a second time in the same words.
  void check_repetition(const xml::QName& name, const xmlNode& first, const xmlNode& again) {
    if (!same_definition(first, again)) fail(again, shown(name) + " is defined twice, and not alike");
    warn(again, shown(name) + " is defined twice, alike both times",
         std::string(local_name(again)) + shown(name));
  }

  static std::string key(const xml::QName& name) { return name.namespace_uri + '\n' + name.local_name; }

  // ---- types

  schema::TypeId number(const xml::QName& name) {
    const xml::Name known{namespaces_.add(name.namespace_uri), name.local_name};
    if (const schema::TypeId* id = schema_->types_by_name.find(known)) return *id;
    const Component& component = type_components_[type_index_.at(key(name))].second;
    return number(*component.node, *component.schema, known);
  }

  schema::TypeId number(const xmlNode& node, const xmlNode& schema, const xml::Name& name) {
    const auto id = static_cast<schema::TypeId>(schema_->all_types.size());
    new_type(name.local.empty() ? "the type of an element" : std::string(name.local));
    if (!name.local.empty()) schema_->types_by_name.insert(name, id);
    nodes_.resize(schema_->all_types.size());
    nodes_[id] = {&node, &schema};
    pending_.push_back(id);
    return id;
  }

  // The type an attribute names; `where` is used when it is not there at all.
  schema::TypeId type_named_by(const xmlNode& element, const char* attribute_name) {
    const auto value = attribute(element, attribute_name);
    const auto name = resolved(element, *value);
    if (!name)
      fail(element, "the prefix of " + std::string(attribute_name) + "=\"" + *value + "\" is not declared");
    if (name->namespace_uri == kXsdNamespace) {
      const auto builtin = schema::builtin_named(name->local_name);
      const schema::TypeId* id = schema_->types_by_name.find({xml::kXsd, name->local_name});
      if (id && !(builtin && schema::asks_of_document(*builtin))) return *id;
      fail(element, "the type xsd:" + name->local_name + " is not supported");
    }
    if (type_index_.contains(key(*name))) return number(*name);
    warn_missing(element, "type " + shown(*name) + " is not defined");
    return schema::kUnresolvedType;
  }

  void warn_missing(const xmlNode& element, const std::string& missing) {
    warn(element, missing + "; messages that use it will be refused", missing);
  }

  // Once for each thing that deserves it.
  void warn(const xmlNode& element, const std::string& message, const std::string& thing) {
    if (warnings_.size() > kMaxWarnings || !reported_.insert(thing).second) return;
    if (warnings_.size() == kMaxWarnings) {
      warnings_.emplace_back("there are more warnings about the schemas, which are not listed here");
      return;
    }
    const soap::WsdlError place = error_at(element, message);
    warnings_.push_back(place.file + ":" + std::to_string(place.line) + ": " + place.message);
  }

  void compile_pending() {
    while (!pending_.empty()) {
      const schema::TypeId id = pending_.back();
      pending_.pop_back();
      compile_type(id);
    }
  }

  void compile_type(schema::TypeId id) {
    if (progress_[id] == Progress::compiled) return;
    const Component component = nodes_[id];
    if (progress_[id] == Progress::compiling) fail(*component.node, "the type is derived from itself");
    progress_[id] = Progress::compiling;
    if (++depth_ > kMaxCompiling) too_derived(id);
    if (is_xsd(*component.node, "simpleType")) {
      compile_simple_type(id, *component.node);
    } else {
      compile_complex_type(id, *component.node, *component.schema);
    }
    --depth_;
    progress_[id] = Progress::compiled;
  }

  // One step more than its base.
  void derive(schema::TypeId id, schema::TypeId base) {
    derivations_[id] = base == schema::kAnyType ? 0 : derivations_[base] + 1;
    if (derivations_[id] > kMaxDerivations) too_derived(id);
  }

  [[noreturn]] void too_derived(schema::TypeId id) const {
    fail(*nodes_[id].node, "the type is derived from others in " + more_than(kMaxDerivations, "steps"));
  }

  void compile_simple_type(schema::TypeId id, const xmlNode& node) {
    const xmlNode* restriction = nullptr;
    for (const xmlNode& child : ChildElements(node)) {
      if (is_xsd(child, "annotation")) continue;
      if (!is_xsd(child, "restriction")) unsupported(child);
      restriction = &child;
    }
    if (!restriction) fail(node, "xsd:simpleType has no restriction");
    schema::TypeId base = schema::kUnresolvedType;
    if (has_attribute(*restriction, "base")) {
      base = type_named_by(*restriction, "base");
    } else if (const xmlNode* inner = child(*restriction, kXsdNamespace, "simpleType")) {
      base = number(*inner, *nodes_[id].schema, {});
    } else {
      fail(*restriction, "xsd:restriction has no base");
    }
    compile_type(base);
    derive(id, base);
    const schema::Type& base_type = schema_->all_types[base];
    if (base_type.content == schema::Type::Content::unresolved) {
      schema_->all_types[id].content = schema::Type::Content::unresolved;
      schema_->all_types[id].base = base;
      return;
    }
    if (base_type.content != schema::Type::Content::simple)
      fail(*restriction, "the base of a simple type is not simple");
    auto simple =
        restricted(*restriction, schema_->all_simple_types[base_type.simple], namespaces_, relaxations_);
    if (!simple) throw SchemaError{simple.error()};
    count_facets(*simple, node);
    schema::Type& type = schema_->all_types[id];
    type.content = schema::Type::Content::simple;
    type.base = base;
    type.simple = static_cast<std::uint32_t>(schema_->all_simple_types.size());
    schema_->all_simple_types.push_back(std::move(*simple));
  }

  // A type has a copy of what its base allows.
  void count_facets(const schema::SimpleType& simple, const xmlNode& node) {
    facets_ += simple.enumeration.size() + simple.q_names.size();
    for (const auto& alternatives : simple.patterns) facets_ += alternatives.size();
    if (facets_ > kMaxFacets)
      fail(node,
           "all types have " + more_than(kMaxFacets, "enumerated values and patterns, with inherited ones"));
  }

  // The sequence and the attributes of a type while they are gathered.
  struct Draft {
    std::vector<schema::Particle> particles;
    std::vector<schema::AttributeUse> attributes;
    schema::TypeId base = schema::kAnyType;
    std::size_t wildcards = 0;
    bool mixed = false;
    bool unresolved = false;  // its base is
  };

  void compile_complex_type(schema::TypeId id, const xmlNode& node, const xmlNode& schema) {
    refuse_attribute(node, "block");
    Draft draft;
    draft.mixed = flag(node, "mixed");
    const xmlNode* extension = nullptr;
    for (const xmlNode& child : ChildElements(node)) {
      if (is_xsd(child, "complexContent")) {
        extension = extension_of(child, draft);
      } else {
        add_content(child, schema, draft);
      }
    }
    if (extension) {
      inherit(*extension, draft);
      for (const xmlNode& child : ChildElements(*extension)) add_content(child, schema, draft);
    }
    store(id, draft, flag(node, "abstract"));
  }

  static const xmlNode* extension_of(const xmlNode& complex_content, Draft& draft) {
    if (has_attribute(complex_content, "mixed")) draft.mixed = flag(complex_content, "mixed");
    const xmlNode* extension = nullptr;
    for (const xmlNode& child : ChildElements(complex_content)) {
      if (is_xsd(child, "annotation")) continue;
      if (!is_xsd(child, "extension")) unsupported(child);
      extension = &child;
    }
    if (!extension) fail(complex_content, "xsd:complexContent has no extension");
    return extension;
  }

  void inherit(const xmlNode& extension, Draft& draft) {
    if (!has_attribute(extension, "base")) fail(extension, "xsd:extension has no base");
    draft.base = type_named_by(extension, "base");
    compile_type(draft.base);
    const schema::Type base = schema_->all_types[draft.base];
    if (base.content == schema::Type::Content::simple || draft.base == schema::kAnyType) {
      fail(extension, "an extension of this type is not supported");
    }
    const auto particles = schema_->particles(base);
    draft.particles.assign(particles.begin(), particles.end());
    draft.wildcards = static_cast<std::size_t>(
        std::count_if(particles.begin(), particles.end(),
                      [](const schema::Particle& p) { return p.kind != schema::Particle::Kind::element; }));
    const auto attributes = schema_->attributes(base);
    draft.attributes.assign(attributes.begin(), attributes.end());
    draft.mixed = draft.mixed || base.content == schema::Type::Content::mixed;
    draft.unresolved = base.content == schema::Type::Content::unresolved;
  }

  void add_content(const xmlNode& child, const xmlNode& schema, Draft& draft) {
    if (is_xsd(child, "annotation")) return;
    if (is_xsd(child, "sequence")) {
      add_sequence(child, schema, draft);
    } else if (is_xsd(child, "attribute")) {
      add_attribute(child, schema, draft);
    } else {
      unsupported(child);
    }
  }

  void add_sequence(const xmlNode& sequence, const xmlNode& schema, Draft& draft) {
    if (occurrences(sequence, "minOccurs") != 1 || occurrences(sequence, "maxOccurs") != 1) {
      fail(sequence, "a sequence that may be left out or repeated is not supported");
    }
    for (const xmlNode& child : ChildElements(sequence)) {
      if (is_xsd(child, "annotation")) continue;
      if (is_xsd(child, "element")) {
        add_element(child, schema, draft);
      } else if (is_xsd(child, "any")) {
        add_wildcard(child, schema, draft);
      } else if (is_xsd(child, "sequence")) {
        add_sequence(child, schema, draft);
      } else {
        unsupported(child);
      }
    }
  }

  void add_element(const xmlNode& element, const xmlNode& schema, Draft& draft) {
    schema::Particle particle;
    particle.min = occurrences(element, "minOccurs");
    particle.max = occurrences(element, "maxOccurs");
    if (particle.min > particle.max) fail(element, "minOccurs is greater than maxOccurs");
    if (particle.max == 0) return;
    if (has_attribute(element, "ref")) {
      refer(element, particle);
    } else {
      const auto name = attribute(element, "name");
      if (!name || name->empty()) fail(element, "xsd:element has neither name nor ref");
      particle.name = interned(*name);
      if (qualified(element, schema, "elementFormDefault")) particle.namespace_id = target_namespace(schema);
      particle.type = type_of(element, schema);
      particle.nillable = flag(element, "nillable");
    }
    add_particle(element, particle, draft);
  }

  static void add_particle(const xmlNode& node, const schema::Particle& particle, Draft& draft) {
    if (draft.particles.size() == kMaxParticles)
      fail(node, "the type has " + more_than(kMaxParticles, "elements"));
    if (particle.kind != schema::Particle::Kind::element && ++draft.wildcards > kMaxWildcards)
      fail(node, "the type has " + more_than(kMaxWildcards, "wildcards"));
    draft.particles.push_back(particle);
  }

  // A reference takes type and nillability from the global declaration (section 3.3.2).
  void refer(const xmlNode& element, schema::Particle& particle) {
    const auto name = resolved(element, *attribute(element, "ref"));
    if (!name) fail(element, "the prefix of ref is not declared");
    particle.name = interned(name->local_name);
    particle.namespace_id = namespaces_.add(name->namespace_uri);
    const auto found = element_index_.find(key(*name));
    if (found == element_index_.end()) {
      particle.type = schema::kUnresolvedType;
      return warn_missing(element, "element " + shown(*name) + " is not declared");
    }
    const Component& global = elements_[found->second].second;
    const schema::ElementDeclaration& declaration = declare_element(*name, global);
    particle.type = declaration.type;
    particle.nillable = declaration.nillable;
  }

  const schema::ElementDeclaration& declare_element(const xml::QName& name, const Component& component) {
    const xml::Name known{namespaces_.add(name.namespace_uri), name.local_name};
    if (const auto* declaration = schema_->elements.find(known)) return *declaration;
    const xmlNode& node = *component.node;
    if (flag(node, "abstract")) fail(node, "an abstract element is not supported");
    schema_->elements.insert(known, {type_of(node, *component.schema), flag(node, "nillable")});
    return *schema_->elements.find(known);
  }

  schema::TypeId type_of(const xmlNode& element, const xmlNode& schema) {
    for (const char* name : {"default", "fixed", "block", "substitutionGroup"})
      refuse_attribute(element, name);
    const xmlNode* inner = nullptr;
    for (const xmlNode& child : ChildElements(element)) {
      if (is_xsd(child, "annotation")) continue;
      if (!is_xsd(child, "complexType") && !is_xsd(child, "simpleType")) unsupported(child);
      inner = &child;
    }
    if (has_attribute(element, "type")) {
      if (inner) fail(element, "xsd:element has a type attribute and a type of its own");
      return type_named_by(element, "type");
    }
    return inner ? number(*inner, schema, {}) : schema::kAnyType;
  }

  void add_wildcard(const xmlNode& any, const xmlNode& schema, Draft& draft) {
    schema::Particle particle;
    particle.min = occurrences(any, "minOccurs");
    particle.max = occurrences(any, "maxOccurs");
    if (particle.min > particle.max) fail(any, "minOccurs is greater than maxOccurs");
    if (particle.max == 0) return;
    const std::string process = attribute(any, "processContents").value_or("strict");
    if (process == "lax") {
      particle.kind = schema::Particle::Kind::wildcard_lax;
    } else if (process == "skip") {
      particle.kind = schema::Particle::Kind::wildcard_skip;
    } else if (process == "strict") {
      particle.kind = schema::Particle::Kind::wildcard_strict;
    } else {
      fail(any, "processContents is neither lax, skip nor strict");
    }
    particle.wildcard = static_cast<std::uint32_t>(schema_->constraints.size());
    schema_->constraints.push_back(constraint_of(any, attribute(any, "namespace").value_or("##any"), schema));
    add_particle(any, particle, draft);
  }

  schema::NamespaceConstraint constraint_of(const xmlNode& any, std::string_view list,
                                            const xmlNode& schema) {
    if (list == "##any") return {};
    if (list == "##other") return {schema::NamespaceConstraint::Kind::other, {target_namespace(schema)}};
    schema::NamespaceConstraint constraint{schema::NamespaceConstraint::Kind::listed, {}};
    while (!(list = trimmed(list)).empty()) {
      const std::string_view item = list.substr(0, list.find_first_of(" \t\r\n"));
      list.remove_prefix(item.size());
      if (constraint.ids.size() == kMaxWildcardNamespaces)
        fail(any, "the wildcard has " + more_than(kMaxWildcardNamespaces, "namespaces"));
      constraint.ids.push_back(item == "##targetNamespace" ? target_namespace(schema)
                               : item == "##local"         ? xml::kNoNamespace
                                                           : namespaces_.add(item));
    }
    return constraint;
  }

  void add_attribute(const xmlNode& node, const xmlNode& schema, Draft& draft) {
    const std::string use = attribute(node, "use").value_or("optional");
    if (use == "prohibited") return;
    const xmlNode* declaration = &node;
    schema::AttributeUse attribute_use;
    attribute_use.required = use == "required";
    if (has_attribute(node, "ref")) {
      const auto name = resolved(node, *attribute(node, "ref"));
      if (!name || !attribute_index_.contains(key(*name)))
        fail(node, "xsd:attribute refers to one that is not declared");
      declaration = attributes_[attribute_index_.at(key(*name))].second.node;
      attribute_use.name = name->local_name;
      attribute_use.namespace_id = namespaces_.add(name->namespace_uri);
    } else {
      attribute_use.name = attribute(node, "name").value_or("");
      if (attribute_use.name.empty()) fail(node, "xsd:attribute has neither name nor ref");
      if (qualified(node, schema, "attributeFormDefault"))
        attribute_use.namespace_id = target_namespace(schema);
    }
    for (const char* name : {"default", "fixed"}) {
      refuse_attribute(node, name);
      refuse_attribute(*declaration, name);
    }
    if (has_attribute(*declaration, "type")) {
      attribute_use.type = type_named_by(*declaration, "type");
    } else if (const xmlNode* inner = child(*declaration, kXsdNamespace, "simpleType")) {
      attribute_use.type = number(*inner, schema, {});
    }
    if (draft.attributes.size() == kMaxTypeAttributes)
      fail(node, "the type has " + more_than(kMaxTypeAttributes, "attributes"));
    draft.attributes.push_back(std::move(attribute_use));
  }

  void store(schema::TypeId id, Draft& draft, bool abstract) {
    derive(id, draft.base);
    const std::size_t flattened = schema_->all_particles.size() + schema_->all_attributes.size();
    if (flattened + draft.particles.size() + draft.attributes.size() > kMaxFlattened) {
      fail(*nodes_[id].node,
           "all types have " + more_than(kMaxFlattened, "elements and attributes, with inherited ones"));
    }
    const auto count = static_cast<std::uint32_t>(draft.particles.size());
    std::map<std::pair<xml::NamespaceId, std::string_view>, std::uint32_t> later;
    for (std::uint32_t i = count; i-- > 0;) {
      schema::Particle& particle = draft.particles[i];
      if (particle.kind != schema::Particle::Kind::element) continue;
      std::uint32_t& next = later[{particle.namespace_id, particle.name}];
      particle.same_name = std::exchange(next, i);
    }
    schema::Type& type = schema_->all_types[id];
    type.content = content_of(draft);
    type.abstract = abstract;
    type.base = draft.base;
    type.first_particle = static_cast<std::uint32_t>(schema_->all_particles.size());
    type.particle_count = count;
    const auto wildcard =
        std::find_if(draft.particles.begin(), draft.particles.end(),
                     [](const schema::Particle& p) { return p.kind != schema::Particle::Kind::element; });
    type.first_wildcard = static_cast<std::uint32_t>(wildcard - draft.particles.begin());
    type.first_attribute = static_cast<std::uint32_t>(schema_->all_attributes.size());
    type.attribute_count = static_cast<std::uint32_t>(draft.attributes.size());
    type.required_attributes = std::any_of(draft.attributes.begin(), draft.attributes.end(),
                                           [](const schema::AttributeUse& use) { return use.required; });
    schema_->all_particles.insert(schema_->all_particles.end(), draft.particles.begin(),
                                  draft.particles.end());
    schema_->link_required(type);
    schema_->all_attributes.insert(schema_->all_attributes.end(), draft.attributes.begin(),
                                   draft.attributes.end());
    index_names(type, draft.particles);
  }

  // A type without particles has empty content, and white space is content (section 3.4.4, clause 2.1).
  schema::Type::Content content_of(const Draft& draft) const {
    if (draft.unresolved) return schema::Type::Content::unresolved;
    if (draft.mixed) return schema::Type::Content::mixed;
    return draft.particles.empty() && !relaxations_.blank_empty ? schema::Type::Content::empty
                                                                : schema::Type::Content::elements;
  }

  void index_names(schema::Type& type, const std::vector<schema::Particle>& particles) {
    constexpr std::size_t kFewNames = 4;  // compared one by one as fast
    if (particles.size() <= kFewNames) return;
    std::uint32_t size = 8;
    while (size < particles.size() * 2) size *= 2;
    type.slots = static_cast<std::uint32_t>(schema_->all_slots.size());
    type.slot_mask = size - 1;
    schema_->all_slots.resize(schema_->all_slots.size() + size);
    std::uint32_t* slots = schema_->all_slots.data() + type.slots;
    for (std::size_t i = 0; i < particles.size(); ++i) {
      if (particles[i].kind != schema::Particle::Kind::element) continue;
      std::uint32_t at = xml::name_hash(particles[i].name) & type.slot_mask;
      while (slots[at] != 0) at = (at + 1) & type.slot_mask;
      slots[at] = static_cast<std::uint32_t>(i + 1);
    }
  }

  // ---- the whole

  // Unique Particle Attribution (section 3.8.6) for a flat sequence: of two particles that could take the
  // same element, the first must have a fixed number of occurrences, or a required one must stand between
  // them. Where that is not so, the validator still never chooses: an element goes to the first particle of
  // its name that can take more, and to a wildcard only if no particle of its name can take it. It refuses
  // what fits in another way only, and accepts nothing that does not fit.
  void check_determinism() {
    for (schema::TypeId id = 0; id < schema_->all_types.size(); ++id) {
      const auto particles = schema_->particles(schema_->all_types[id]);
      for (std::uint32_t i = 0; i < particles.size(); ++i) {
        if (particles[i].kind != schema::Particle::Kind::element) {
          check_wildcard(id, particles, i);
        } else if (const std::uint32_t next = particles[i].same_name; next != 0) {
          if (particles[i].min != particles[i].max && particles[i + 1].next_required >= next)
            ambiguous(id, particles[i], next);
          if (particles[i].type != particles[next].type) inconsistent(id, particles[i], next);
        }
      }
    }
  }

  void check_wildcard(schema::TypeId id, std::span<const schema::Particle> particles,
                      std::uint32_t wildcard) {
    const schema::Particle& any = particles[wildcard];
    for (std::uint32_t i = wildcard; i-- > 0;) {
      if (particles[i].min != particles[i].max && overlap(particles[i], any))
        ambiguous(id, particles[i], wildcard);
      if (particles[i].min > 0) break;
    }
    if (any.min == any.max) return;
    for (std::uint32_t j = wildcard + 1; j < particles.size(); ++j) {
      if (overlap(any, particles[j])) ambiguous(id, particles[j], j);
      if (particles[j].min > 0) break;
    }
  }

  void ambiguous(schema::TypeId id, const schema::Particle& particle, std::uint32_t later) {
    const std::string place = particle.name.empty() ? "a wildcard" : "element " + std::string(particle.name);
    warn_of_choice(id, later, "the content model is ambiguous (Unique Particle Attribution) at " + place);
  }

  // Element Declarations Consistent (section 3.8.6).
  void inconsistent(schema::TypeId id, const schema::Particle& particle, std::uint32_t later) {
    warn_of_choice(
        id, later,
        "elements of one sequence with the same name have different types: " + std::string(particle.name));
  }

  // `later`: the second of the two particles. Where a type has both from its base, that was told of the base.
  void warn_of_choice(schema::TypeId id, std::uint32_t later, const std::string& what) {
    if (later < schema_->all_types[schema_->all_types[id].base].particle_count) return;
    warn(*nodes_[id].node, what + "; the first match decides", std::to_string(id) + what);
  }

  bool overlap(const schema::Particle& a, const schema::Particle& b) const {
    const bool a_is_element = a.kind == schema::Particle::Kind::element;
    const bool b_is_element = b.kind == schema::Particle::Kind::element;
    if (a_is_element && b_is_element) return a.namespace_id == b.namespace_id && a.name == b.name;
    if (a_is_element) return schema_->constraint(b).allows(a.namespace_id);
    if (b_is_element) return schema_->constraint(a).allows(b.namespace_id);
    return overlap(schema_->constraint(a), schema_->constraint(b));
  }

  static bool overlap(const schema::NamespaceConstraint& a, const schema::NamespaceConstraint& b) {
    using Kind = schema::NamespaceConstraint::Kind;
    if (a.kind != Kind::listed && b.kind != Kind::listed) return true;  // there are always more namespaces
    const schema::NamespaceConstraint& listed = a.kind == Kind::listed ? a : b;
    const schema::NamespaceConstraint& other = a.kind == Kind::listed ? b : a;
    return std::any_of(listed.ids.begin(), listed.ids.end(),
                       [&other](xml::NamespaceId id) { return other.allows(id); });
  }

  void relax(std::span<const WsdlDocument> documents, std::span<const soap::Wsdl> wsdls) {
    schema::SchemaRelaxation relaxation(relaxations_, namespaces_, *schema_);
    for (std::size_t i = 0; i < documents.size(); ++i) {
      const xmlDoc* own = documents[i].documents.front().get();
      relaxation.begin(namespaces_.add(wsdls[i].target_namespace));
      for (const auto& [name, component] : type_components_) {
        if (component.node->doc != own) continue;
        relaxation.apply_to_type({namespaces_.id_of(name.namespace_uri), name.local_name});
      }
      for (const soap::Operation& operation : wsdls[i].operations) {
        const xml::QName& input = operation.input;
        relaxation.apply_to_input({namespaces_.id_of(input.namespace_uri), input.local_name});
      }
    }
    relaxation.apply_to_all();
  }

  // ---- small questions

  xml::NamespaceId target_namespace(const xmlNode& schema) {
    return namespaces_.add(attribute(schema, "targetNamespace").value_or(""));
  }

  static bool qualified(const xmlNode& declaration, const xmlNode& schema, const char* default_attribute) {
    const std::string form =
        attribute(declaration, "form").value_or(attribute(schema, default_attribute).value_or("unqualified"));
    if (form != "qualified" && form != "unqualified")
      fail(declaration, "form is neither qualified nor unqualified");
    return form == "qualified";
  }

  std::string_view interned(const std::string& name) {
    const auto [found, fresh] = interned_.emplace(name, std::string_view());
    if (fresh) found->second = schema_->names.emplace_back(name);
    return found->second;
  }

  xml::Namespaces& namespaces_;
  const schema::Relaxations relaxations_;
  std::shared_ptr<schema::Schema> schema_;
  std::vector<std::string> warnings_;
  Components type_components_;
  Components elements_;
  Components attributes_;
  std::unordered_map<std::string, std::size_t> type_index_;
  std::unordered_map<std::string, std::size_t> element_index_;
  std::unordered_map<std::string, std::size_t> attribute_index_;
  std::vector<Component> nodes_;    // by type
  std::vector<Progress> progress_;  // by type
  std::vector<int> derivations_;    // by type: how many steps from a type that is derived from none
  int depth_ = 0;                   // of compile_type
  std::size_t facets_ = 0;          // of all simple types
  std::vector<schema::TypeId> pending_;
  std::set<std::string> reported_;
  std::unordered_map<std::string, std::string_view> interned_;
};

Result<schema::CompiledSchema, soap::WsdlError> compile_schema(std::span<const WsdlDocument> documents,
                                                               std::span<const soap::Wsdl> wsdls,
                                                               xml::Namespaces& namespaces,
                                                               const schema::Relaxations& relaxations) {
  try {
    return SchemaCompiler(namespaces, relaxations).compile(documents, wsdls);
  } catch (SchemaError& failure) {
    return Unexpected{std::move(failure.error)};
  }
}

}  // namespace sfjwt::wsdl
