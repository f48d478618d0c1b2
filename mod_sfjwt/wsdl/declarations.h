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

/// What a WSDL with its imports declares at top level, by expanded name; points into the documents.
struct Declarations {
  using Table = std::unordered_map<xml::QName, const xmlNode*, QNameHash>;

  Table messages;       // wsdl:message
  Table port_types;     // wsdl:portType
  Table elements;       // xsd:element below xsd:schema
  Table complex_types;  // xsd:complexType below xsd:schema
  Table simple_types;   // xsd:simpleType below xsd:schema
};

/// One walk over the top levels of all documents. Two messages or two portTypes of one name are an error; of
/// two schema components the first is kept (the schema compiler judges them).
Result<Declarations, soap::WsdlError> declarations_of(const WsdlDocument& document);

/// A type that derives from itself must not hold up the start: after so many steps a chain is given up.
inline constexpr int kMaxDerivations = 32;

/// The xsd:complexType of an element declaration, its own or the one it names; null if it has none.
const xmlNode* complex_type_of(const xmlNode& element, const Declarations& declared);

/// What a complexType extends or restricts; null if nothing, or no complexType of this WSDL.
const xmlNode* base_of(const xmlNode& complex_type, const Declarations& declared);

/// What the QName in an attribute of `element` names in `table`. A missing attribute, an undeclared prefix
/// and a name that is not in the table are errors; `what` says in them what was looked for ("message").
struct Referenced {
  xml::QName name;
  const xmlNode* node;
};
Result<Referenced, soap::WsdlError> referenced(const xmlNode& element, const char* attribute_name,
                                               const Declarations::Table& table, std::string_view what);

}  // namespace sfjwt::wsdl
