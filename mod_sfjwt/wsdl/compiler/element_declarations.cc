// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/element_declarations.h"

#include "mod_sfjwt/wsdl/dom.h"

namespace sfjwt::wsdl {

Compiled<schema::ElementDeclaration> ElementDeclarations::declare(const ComponentTable::Entry& element) {
  const auto& [qname, component] = element;
  const xml::Name name{namespaces_.add(qname.namespace_uri), qname.local_name};
  if (const auto* declared = tables_.elements.find(name)) return *declared;
  const auto abstract = flag(*component.node, "abstract");
  if (!abstract) return Unexpected{abstract.error()};
  if (*abstract) return Unexpected{error_at(*component.node, "an abstract element is not supported")};
  const auto declaration = at(component);
  if (declaration) tables_.elements.insert(name, *declaration);
  return declaration;
}

Compiled<schema::ElementDeclaration> ElementDeclarations::at(const Component& element) {
  const auto type = type_of(element);
  if (!type) return Unexpected{type.error()};
  const auto nillable = flag(*element.node, "nillable");
  if (!nillable) return Unexpected{nillable.error()};
  return schema::ElementDeclaration{*type, *nillable};
}

Compiled<schema::TypeId> ElementDeclarations::type_of(const Component& element) {
  const xmlNode& node = *element.node;
  for (const char* name : {"default", "fixed", "block", "substitutionGroup"}) {
    if (auto failure = refuse_attribute(node, name)) return Unexpected{*std::move(failure)};
  }
  const xmlNode* inner = nullptr;
  for (const xmlNode& child : ChildElements(node)) {
    if (is_xsd(child, "annotation")) continue;
    if (!is_xsd(child, "complexType") && !is_xsd(child, "simpleType")) return Unexpected{unsupported(child)};
    inner = &child;
  }
  if (has_attribute(node, "type")) {
    if (inner) return Unexpected{error_at(node, "xsd:element has a type attribute and a type of its own")};
    return types_.named_by(node, "type");
  }
  return inner ? types_.of_anonymous({inner, element.schema}) : schema::kAnyType;
}

}  // namespace sfjwt::wsdl
