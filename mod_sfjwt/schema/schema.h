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
inline constexpr TypeId kAnyType = 0;  // xsd:anyType
inline constexpr TypeId kUnresolvedType =
    1;  // named by the schema but defined nowhere: invalid where a message uses it
inline constexpr TypeId kFirstBuiltin = 2;  // xsd:anySimpleType and on, in the order of Builtin
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
  bool yields =
      false;  // where any order is allowed: once a later particle has a child, a wildcard takes its name
};

/// Which namespaces a wildcard lets in (section 3.10).
struct NamespaceConstraint {
  enum class Kind : std::uint8_t { any, other, listed } kind = Kind::any;
  std::vector<xml::NamespaceId> ids;  // other: all but these and no namespace; listed: these
  bool allows(xml::NamespaceId id) const;
};

struct AttributeUse {
  std::string name;
  xml::NamespaceId namespace_id = xml::kNoNamespace;
  TypeId type = kFirstBuiltin;
  bool required = false;
};

/// A type definition, flattened: a derived type's sequence begins with that of its base.
struct Type {
  enum class Content : std::uint8_t { empty, elements, mixed, simple, anything, unresolved };
  Content content = Content::elements;
  bool abstract = false;
  bool any_order = false;  // a relaxation: children in any order
  // Relaxations: children may also stand in these namespaces. kXmlnsNamespace, which no element can have:
  // none.
  xml::NamespaceId no_namespace = xml::kXmlnsNamespace;           // or kNoNamespace
  xml::NamespaceId alternative_namespace = xml::kXmlnsNamespace;  // of another part of the WSDL
  TypeId base = kAnyType;                                         // what it is derived from
  std::uint32_t simple = 0;  // index of the simple type, if content is simple
  std::uint32_t first_particle = 0;
  std::uint32_t particle_count = 0;
  std::uint32_t slots = 0;      // where its name table begins
  std::uint32_t slot_mask = 0;  // size - 1; 0 when there is no table
  std::uint32_t first_attribute = 0;
  std::uint32_t attribute_count = 0;
  bool required_attributes = false;
  bool generated_names = false;      // a relaxation: c-gensym1 stands for the next child in order
  bool any_xsi_type = false;         // a relaxation: xsi:type is not looked at; of a simple type
  std::uint32_t first_required = 0;  // index of its first particle with min > 0, or particle_count
  std::uint32_t first_wildcard = 0;  // index of its first wildcard particle, or particle_count

  /// Whether a child in a namespace may stand for a particle declared in another.
  bool takes(xml::NamespaceId child, xml::NamespaceId declared) const {
    return child == declared || child == no_namespace || child == alternative_namespace;
  }
};

/// A relaxation: what an xsi:type of this namespace makes of a record whose fields the schema leaves open,
/// when it names no type but an object.
struct ObjectType {
  TypeId record = kAnyType;
  xml::NamespaceId namespace_id = xml::kNoNamespace;
  TypeId type = kAnyType;
};

/// A relaxation: a parameter of an operation that clients call by another name.
struct ParameterAlias {
  TypeId type = kAnyType;  // of the operation's element
  std::string name;
  std::uint32_t particle = 0;
};

/// A relaxation: where a record may stand, an xsi:type without namespace names a record of this one.
struct UnprefixedRecords {
  TypeId declared = kAnyType;
  xml::NamespaceId namespace_id = xml::kNoNamespace;
};

struct ElementDeclaration {
  TypeId type = kAnyType;
  bool nillable = false;
};

/// All schemas of one section as flat tables. The schema compiler fills them; from then on they are const and
/// shared by all threads.
struct Schema {
  const ElementDeclaration* element(const xml::Name& name) const { return elements.find(name); }
  /// The type a QName means; nullptr when there is none.
  const TypeId* type_named(const xml::Name& name) const { return types_by_name.find(name); }
  /// What a QName that means no type makes of a record when it may name an object; nullptr when it may not.
  const TypeId* object_named(const xml::Name& name, TypeId record) const;
  /// The type that a name without namespace means where a record is declared; nullptr when it means none.
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

  /// The index of the particle with this name among a type's, the first of several; kNotFound if it has none.
  static constexpr std::uint32_t kNotFound = 0xffffffff;
  std::uint32_t find(const Type& type, const xml::Name& name) const;
  /// The same by the other names of parameters.
  std::uint32_t find_alias(TypeId type, const xml::Name& name) const;

  /// Whether a type is another or derived from it in any number of steps.
  bool derived(TypeId from, TypeId to) const;
  /// Whether a type may stand where another is declared (section 3.4.6 and 3.14.6: Type Derivation OK).
  bool may_replace(TypeId named, TypeId declared) const;

  /// What an administrator reads of a type in a message.
  const std::string& name_of(TypeId id) const { return type_names[id]; }

  /// Appends the particles of a type and what finds them: by name, the next one of the same name, the next
  /// required one. Once for each type; their names view `names`.
  void set_particles(Type& type, std::vector<Particle> particles);
  void set_attributes(Type& type, const std::vector<AttributeUse>& attributes);
  /// Tells each particle of a type which required one is next; after every change of its particles.
  void link_required(Type& type);

  // A reference into one of these vectors dies when something is added to it.
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
  std::deque<std::string> names;  // what the particles' names view
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
