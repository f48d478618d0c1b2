// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <optional>
#include <vector>

#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/wsdl/compiler/schema_components.h"
#include "mod_sfjwt/wsdl/compiler/schema_element.h"
#include "mod_sfjwt/wsdl/compiler/schema_warnings.h"
#include "mod_sfjwt/xml/name.h"
#include "mod_sfjwt/xml/namespaces.h"
#include "mod_sfjwt/xml/qname.h"

namespace sfjwt::wsdl {

/// The numbers of the types that the schemas define. A type gets its number and an empty row in the tables
/// when it is first named, and waits there to be compiled. What is passed in must outlive it.
class TypeNumbers {
 public:
  /// `tables` has the built-in types and no other yet.
  TypeNumbers(const SchemaComponents& components, xml::Namespaces& namespaces, schema::Schema& tables,
              SchemaWarnings& warnings);

  /// The number of a global type.
  schema::TypeId of(const ComponentTable::Entry& type);
  /// A new number for a type without name.
  schema::TypeId of_anonymous(const Component& type) { return add(type, {}); }
  /// The number of the type that an attribute of `element`, which must be there, names: kUnresolvedType and a
  /// warning if the schemas do not define it.
  Compiled<schema::TypeId> named_by(const xmlNode& element, const char* attribute_name);

  /// Where a type is defined; not for built-in ones.
  Component definition(schema::TypeId id) const;
  bool is_builtin(schema::TypeId id) const { return id < builtin_count_; }

  /// A type that was numbered and not given here before, the last one first; none when no type waits.
  std::optional<schema::TypeId> next_waiting();

 private:
  schema::TypeId add(const Component& type, const xml::Name& name);

  const SchemaComponents& components_;
  xml::Namespaces& namespaces_;
  schema::Schema& tables_;
  SchemaWarnings& warnings_;
  const std::size_t builtin_count_;
  std::vector<Component> definitions_;  // by number, less builtin_count_
  std::vector<schema::TypeId> waiting_;
};

}  // namespace sfjwt::wsdl
