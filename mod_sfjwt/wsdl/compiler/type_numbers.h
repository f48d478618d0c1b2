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

/// The numbers of the types that the schemas define. When a type is first named, it gets a number and an
/// empty row in the tables, and waits to be compiled. The constructor's arguments must outlive it.
class TypeNumbers {
 public:
  /// `tables` must contain the built-in types and no others.
  TypeNumbers(const SchemaComponents& components, xml::Namespaces& namespaces, schema::Schema& tables,
              SchemaWarnings& warnings);

  /// The number of a global type.
  schema::TypeId of(const ComponentTable::Entry& type);
  /// A new number for an anonymous type.
  schema::TypeId of_anonymous(const Component& type) { return add(type, {}); }
  /// The number of the type that a required attribute of `element` names; kUnresolvedType and a warning if
  /// the schemas do not define it.
  Compiled<schema::TypeId> named_by(const xmlNode& element, const char* attribute_name);

  /// Where a type is defined. Not for built-in types.
  Component definition(schema::TypeId id) const;
  bool is_builtin(schema::TypeId id) const { return id < builtin_count_; }

  /// Takes a waiting type, the last one first; nullopt if none is left.
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
