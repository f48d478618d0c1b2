// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/wsdl/compiler/element_declarations.h"
#include "mod_sfjwt/wsdl/compiler/schema_components.h"
#include "mod_sfjwt/wsdl/compiler/schema_element.h"
#include "mod_sfjwt/wsdl/compiler/type_numbers.h"
#include "mod_sfjwt/xml/namespaces.h"

namespace sfjwt::wsdl {

/// The sequence and the attributes of a complex type under construction; those of its base come first.
struct ContentModel {
  std::vector<schema::Particle> particles;
  std::vector<schema::AttributeUse> attributes;
  schema::TypeId base = schema::kAnyType;
  bool mixed = false;
  bool unresolved = false;  // its base is unresolved

  /// The model of a type that extends the one with the number `base`.
  static ContentModel extending(const schema::Schema& tables, schema::TypeId base);
  /// The index of the first wildcard, or the number of particles if there is none.
  std::size_t first_wildcard() const;
};

/// Adds the children of xsd:complexType and xsd:extension to content models: xsd:sequence, xsd:element,
/// xsd:any and xsd:attribute. The constructor's arguments must outlive it.
class ContentCompiler {
 public:
  ContentCompiler(const SchemaComponents& components, xml::Namespaces& namespaces, schema::Schema& tables,
                  SchemaWarnings& warnings, TypeNumbers& types, ElementDeclarations& elements)
      : components_(components),
        namespaces_(namespaces),
        tables_(tables),
        warnings_(warnings),
        types_(types),
        elements_(elements) {}

  Failure add(const Component& child, ContentModel& model);

 private:
  Failure add_sequence(const Component& sequence, ContentModel& model);
  Failure add_to_sequence(const Component& child, ContentModel& model);
  Failure add_element(const Component& element, ContentModel& model);
  Failure name_local(const Component& element, schema::Particle& particle);
  Failure refer(const xmlNode& element, schema::Particle& particle);
  Failure add_wildcard(const Component& any, ContentModel& model);
  Compiled<schema::NamespaceConstraint> constraint_of(const Component& any);
  Failure add_attribute(const Component& attribute, ContentModel& model);
  Compiled<const xmlNode*> name_attribute(const Component& attribute, schema::AttributeUse& use);
  static Failure add_particle(const xmlNode& node, const schema::Particle& particle, ContentModel& model);
  xml::NamespaceId target_namespace(const xmlNode& schema);
  std::string_view interned(const std::string& name);

  const SchemaComponents& components_;
  xml::Namespaces& namespaces_;
  schema::Schema& tables_;
  SchemaWarnings& warnings_;
  TypeNumbers& types_;
  ElementDeclarations& elements_;
  std::unordered_map<std::string, std::string_view> interned_;
};

}  // namespace sfjwt::wsdl
