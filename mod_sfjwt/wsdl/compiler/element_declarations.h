// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/wsdl/compiler/schema_components.h"
#include "mod_sfjwt/wsdl/compiler/schema_element.h"
#include "mod_sfjwt/wsdl/compiler/type_numbers.h"
#include "mod_sfjwt/xml/namespaces.h"

namespace sfjwt::wsdl {

/// The declarations of xsd:element (XML Schema Part 1 section 3.3.2). The constructor's arguments must
/// outlive it.
class ElementDeclarations {
 public:
  ElementDeclarations(xml::Namespaces& namespaces, schema::Schema& tables, TypeNumbers& types)
      : namespaces_(namespaces), tables_(tables), types_(types) {}

  /// Returns a global declaration, and adds it to the tables if it is not there yet.
  Compiled<schema::ElementDeclaration> declare(const ComponentTable::Entry& element);
  /// The declaration in an xsd:element with a name.
  Compiled<schema::ElementDeclaration> at(const Component& element);

 private:
  Compiled<schema::TypeId> type_of(const Component& element);

  xml::Namespaces& namespaces_;
  schema::Schema& tables_;
  TypeNumbers& types_;
};

}  // namespace sfjwt::wsdl
