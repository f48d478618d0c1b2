// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <cstddef>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mod_sfjwt/wsdl/compiler/schema_element.h"
#include "mod_sfjwt/wsdl/compiler/schema_warnings.h"
#include "mod_sfjwt/wsdl/declarations.h"
#include "mod_sfjwt/wsdl/document.h"
#include "mod_sfjwt/xml/namespaces.h"
#include "mod_sfjwt/xml/qname.h"

namespace sfjwt::wsdl {

/// A schema component in the tree of its document, and the xsd:schema that contains it.
struct Component {
  const xmlNode* node = nullptr;
  const xmlNode* schema = nullptr;
};

/// Global components of one kind, in document order and by expanded name.
class ComponentTable {
 public:
  using Entry = std::pair<xml::QName, Component>;

  /// nullptr if there is none; valid until the next one is added.
  const Entry* find(const xml::QName& name) const;
  /// The name must be new.
  void add(xml::QName name, const Component& component);

  std::size_t size() const { return entries_.size(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<Entry> entries_;
  std::unordered_map<xml::QName, std::size_t, QNameHash> index_;
};

/// The top-level declarations of the schemas of a section.
struct SchemaComponents {
  ComponentTable types;  // xsd:complexType and xsd:simpleType share one symbol space (section 2.5)
  ComponentTable elements;
  ComponentTable attributes;
};

/// Reads the top level of all schemas and adds their target namespaces. A component that is defined twice
/// causes a warning if the definitions are the same, otherwise an error.
Compiled<SchemaComponents> collect_components(std::span<const WsdlDocument> documents,
                                              xml::Namespaces& namespaces, SchemaWarnings& warnings);

}  // namespace sfjwt::wsdl
