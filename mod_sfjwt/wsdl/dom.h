// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/soap/service_description.h"

namespace sfjwt::wsdl {

// Access to a libxml2 tree. Configuration time only, for the WSDL reader and the schema compiler; not
// included by code that reads data from clients.

inline constexpr std::string_view kWsdlNamespace = "http://schemas.xmlsoap.org/wsdl/";
inline constexpr std::string_view kXsdNamespace = "http://www.w3.org/2001/XMLSchema";

/// Local name of an element.
std::string_view local_name(const xmlNode& element);

/// Namespace name of an element, empty if it is in none.
std::string_view namespace_name(const xmlNode& element);

/// Whether an element has this expanded name.
bool has_name(const xmlNode& element, std::string_view namespace_uri, std::string_view local);

/// Value of an attribute without namespace, trimmed; nullopt if there is none.
std::optional<std::string> attribute(const xmlNode& element, const char* name);
/// Whether the attribute exists, without copying its value.
bool has_attribute(const xmlNode& element, const char* name);

/// The expanded name of a QName in the content of `scope` (XML Schema Part 2 section 3.2.18); without a
/// prefix, the default namespace applies. nullopt if the prefix is not declared.
std::optional<xml::QName> resolved(const xmlNode& scope, std::string_view qname);

/// The expanded name of a local xsd:element, according to its form and elementFormDefault.
xml::QName element_name(const xmlNode& element);

/// An expanded name for messages: {namespace}local.
std::string shown(const xml::QName& name);

/// An error at this element: its file and line, and the message escaped for one log line.
soap::WsdlError error_at(const xmlNode& element, std::string_view message);

/// The child elements, for range-based for.
class ChildElements {
 public:
  class Iterator {
   public:
    explicit Iterator(const xmlNode* node) : node_(next_element(node)) {}
    const xmlNode& operator*() const { return *node_; }
    Iterator& operator++() {
      node_ = next_element(node_->next);
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    static const xmlNode* next_element(const xmlNode* node) {
      while (node && node->type != XML_ELEMENT_NODE) node = node->next;
      return node;
    }
    const xmlNode* node_;
  };

  explicit ChildElements(const xmlNode& parent) : first_(parent.children) {}
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(nullptr); }

 private:
  const xmlNode* first_;
};

/// The first child element of this name, or null.
const xmlNode* child(const xmlNode& parent, std::string_view namespace_uri, std::string_view local);

}  // namespace sfjwt::wsdl
