// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <unordered_map>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/document.h"
#include "mod_sfjwt/wsdl/dom.h"

namespace sfjwt::wsdl {

struct QNameHash {
  std::size_t operator()(const xml::QName& name) const {
    const std::hash<std::string_view> hash;
    return hash(name.namespace_uri) * 31 + hash(name.local_name);
  }
};

/// The top-level declarations of a WSDL and its imports, by expanded name; they point into the documents.
struct Declarations {
  using Table = std::unordered_map<xml::QName, const xmlNode*, QNameHash>;

  Table messages;       // wsdl:message
  Table port_types;     // wsdl:portType
  Table elements;       // xsd:element below xsd:schema
  Table complex_types;  // xsd:complexType below xsd:schema
  Table simple_types;   // xsd:simpleType below xsd:schema
};

/// Reads the top levels of all documents. Two messages or two portTypes with the same name are an error; of
/// two schema components the first is kept (the schema compiler reports the second).
Result<Declarations, soap::WsdlError> declarations_of(const WsdlDocument& document);

/// Limits chains of base types: a type that derives from itself must not block the start.
inline constexpr int kMaxDerivations = 32;

/// The xsd:complexType of an element declaration, its own or the one it names; null if there is none.
const xmlNode* complex_type_of(const xmlNode& element, const Declarations& declared);

/// The complexType that a complexType extends or restricts; null if there is none in this WSDL.
const xmlNode* base_of(const xmlNode& complex_type, const Declarations& declared);

/// The entry of `table` that the QName in an attribute of `element` names. A missing attribute, an undeclared
/// prefix and an unknown name are errors; there `what` says what was expected ("message").
struct Referenced {
  xml::QName name;
  const xmlNode* node;
};
Result<Referenced, soap::WsdlError> referenced(const xmlNode& element, const char* attribute_name,
                                               const Declarations::Table& table, std::string_view what);

}  // namespace sfjwt::wsdl
