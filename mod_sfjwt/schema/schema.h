// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/schema/simple_type.h"
#include "mod_sfjwt/xml/name.h"
#include "mod_sfjwt/xml/name_table.h"
#include "mod_sfjwt/xml/namespaces.h"

namespace sfjwt::schema {

using TypeId = std::uint32_t;
inline constexpr TypeId kAnyType = 0;         // xsd:anyType
inline constexpr TypeId kUnresolvedType = 1;  // used but not defined: invalid where a message needs it
inline constexpr TypeId kFirstBuiltin = 2;    // xsd:anySimpleType; the others follow in the order of Builtin
constexpr TypeId id_of(Builtin builtin) {
  return kFirstBuiltin + static_cast<TypeId>(builtin);
}
inline constexpr std::uint32_t kUnbounded = 0xffffffff;

/// An element particle of a sequence, or a wildcard (XML Schema Part 1 section 3.9).
struct Particle {
  enum class Kind : std::uint8_t { element, wildcard_lax, wildcard_skip, wildcard_strict };
  std::string_view name;  // local name; empty for a wildcard
  xml::NamespaceId namespace_id = xml::kNoNamespace;
  Kind kind = Kind::element;
  bool nillable = false;
  TypeId type = kAnyType;
  std::uint32_t min = 1;
  std::uint32_t max = 1;
  std::uint32_t next_required = 0;  // index of the first particle from this one on with min > 0, or the count
  std::uint32_t wildcard = 0;       // index of its namespace constraint
  std::uint32_t same_name = 0;      // index of the next particle with its name, 0 for none
  // With any order: once a later particle has taken a child, a wildcard takes children of this name.
  bool yields = false;
};

/// The namespaces that a wildcard accepts (section 3.10).
struct NamespaceConstraint {
  enum class Kind : std::uint8_t { any, other, listed } kind = Kind::any;
  std::vector<xml::NamespaceId> ids;  // other: all except these and no namespace; listed: these
  bool allows(xml::NamespaceId id) const;
};

struct AttributeUse {
  std::string name;
  xml::NamespaceId namespace_id = xml::kNoNamespace;
  TypeId type = kFirstBuiltin;
  bool required = false;
};

/// A type definition with its inherited content: the sequence of a derived type begins with that of its base.
struct Type {
  enum class Content : std::uint8_t { empty, elements, mixed, simple, anything, unresolved };
  Content content = Content::elements;
  bool abstract = false;
  bool any_order = false;  // a relaxation: children in any order
  // Relaxations: children are also accepted in these namespaces. kXmlnsNamespace means none, since no element
  // can be in it.
  xml::NamespaceId no_namespace = xml::kXmlnsNamespace;           // or kNoNamespace
  xml::NamespaceId alternative_namespace = xml::kXmlnsNamespace;  // of another part of the WSDL
  TypeId base = kAnyType;                                         // the type it is derived from
  std::uint32_t simple = 0;  // index of the simple type, if the content is simple
  std::uint32_t first_particle = 0;
  std::uint32_t particle_count = 0;
  std::uint32_t slots = 0;      // where its name table begins
  std::uint32_t slot_mask = 0;  // size - 1; 0 when there is no table
  std::uint32_t first_attribute = 0;
  std::uint32_t attribute_count = 0;
  bool required_attributes = false;
  bool generated_names = false;      // a relaxation: c-gensym1 names the next child in order
  bool any_xsi_type = false;         // a relaxation for a simple type: xsi:type is ignored
  std::uint32_t first_required = 0;  // index of its first particle with min > 0, or particle_count
  std::uint32_t first_wildcard = 0;  // index of its first wildcard particle, or particle_count

  /// Whether a child in one namespace matches a particle declared in another.
  bool takes(xml::NamespaceId child, xml::NamespaceId declared) const {
    return child == declared || child == no_namespace || child == alternative_namespace;
  }
};

/// A relaxation: the type of a record with open content whose xsi:type, in this namespace, names no type but
/// an object.
struct ObjectType {
  TypeId record = kAnyType;
  xml::NamespaceId namespace_id = xml::kNoNamespace;
  TypeId type = kAnyType;
};

/// A relaxation: another name that clients use for a parameter of an operation.
struct ParameterAlias {
  TypeId type = kAnyType;  // of the operation's element
  std::string name;
  std::uint32_t particle = 0;
};

/// A relaxation: on a record, an xsi:type without prefix names a type of this namespace.
struct UnprefixedRecords {
  TypeId declared = kAnyType;
  xml::NamespaceId namespace_id = xml::kNoNamespace;
};

struct ElementDeclaration {
  TypeId type = kAnyType;
  bool nillable = false;
};

/// All schemas of one section as flat tables. The schema compiler fills them; afterwards they are const and
/// shared by all threads.
struct Schema {
  const ElementDeclaration* element(const xml::Name& name) const { return elements.find(name); }
  /// The type that a QName names, or nullptr.
  const TypeId* type_named(const xml::Name& name) const { return types_by_name.find(name); }
  /// The type of a record with a QName that names no type but may name an object; nullptr if it may not.
  const TypeId* object_named(const xml::Name& name, TypeId record) const;
  /// The type that an unprefixed name stands for on an element declared as a record, or nullptr.
  const TypeId* unprefixed_record(const xml::Name& name, TypeId declared) const;
  const Type& type(TypeId id) const { return all_types[id]; }
  const SimpleType& simple_type(const Type& type) const { return all_simple_types[type.simple]; }
  std::span<const Particle> particles(const Type& type) const {
    return {all_particles.data() + type.first_particle, type.particle_count};
  }
  std::span<const AttributeUse> attributes(const Type& type) const {
    return {all_attributes.data() + type.first_attribute, type.attribute_count};
  }
  const NamespaceConstraint& constraint(const Particle& wildcard) const {
    return constraints[wildcard.wildcard];
  }

  /// The index of the first particle of a type with this name, or kNotFound.
  static constexpr std::uint32_t kNotFound = 0xffffffff;
  std::uint32_t find(const Type& type, const xml::Name& name) const;
  /// The same for the alternative names of parameters.
  std::uint32_t find_alias(TypeId type, const xml::Name& name) const;

  /// Whether a type is the same as another or derived from it, directly or indirectly.
  bool derived(TypeId from, TypeId to) const;
  /// Whether a type can be used in place of the declared one (sections 3.4.6 and 3.14.6: Type Derivation OK).
  bool may_replace(TypeId named, TypeId declared) const;

  /// The name of a type for messages.
  const std::string& name_of(TypeId id) const { return type_names[id]; }

  /// Appends the particles of a type and the indexes to find them by name, the next one of the same name and
  /// the next required one. Call it once per type; the names of the particles point into `names`.
  void set_particles(Type& type, std::vector<Particle> particles);
  void set_attributes(Type& type, const std::vector<AttributeUse>& attributes);
  /// Sets the next required particle of each particle of a type. Call it after every change of the particles.
  void link_required(Type& type);

  // A reference into one of these vectors is invalidated when an element is added.
  std::vector<Type> all_types;
  std::vector<std::string> type_names;
  std::vector<SimpleType> all_simple_types;
  std::vector<Particle> all_particles;
  std::vector<std::uint32_t> all_slots;  // index of a particle within its type + 1, or 0
  std::vector<AttributeUse> all_attributes;
  std::vector<NamespaceConstraint> constraints;
  std::vector<ObjectType> object_types;
  std::vector<ParameterAlias> parameter_aliases;
  std::vector<UnprefixedRecords> unprefixed_records;
  std::deque<std::string> names;  // storage for the names of the particles
  xml::NameTable<ElementDeclaration> elements;
  xml::NameTable<TypeId> types_by_name;
  bool nil_anywhere = false;
  bool encoding_style = false;  // a relaxation: encodingStyle on the element of an operation

 private:
  void index_names(Type& type);
};

struct CompiledSchema {
  std::shared_ptr<const Schema> schema;
  std::vector<std::string> warnings;  // one line each, with file and line: unresolved types, missing imports
};

}  // namespace sfjwt::schema
