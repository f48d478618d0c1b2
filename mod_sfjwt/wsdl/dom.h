// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/soap/service_description.h"

namespace sfjwt::wsdl {

// Reading a libxml2 tree in our own terms. Configuration time only, for the WSDL reader and the schema
// compiler; not included by anything that sees bytes of a client.

inline constexpr std::string_view kWsdlNamespace = "http://schemas.xmlsoap.org/wsdl/";
inline constexpr std::string_view kXsdNamespace = "http://www.w3.org/2001/XMLSchema";

/// Local name of an element.
std::string_view local_name(const xmlNode& element);

/// Namespace name of an element, empty if it is in none.
std::string_view namespace_name(const xmlNode& element);

/// Whether an element has this expanded name.
bool has_name(const xmlNode& element, std::string_view namespace_uri, std::string_view local);

/// Value of an attribute that is in no namespace, without surrounding white space; nothing if it is not
/// there.
std::optional<std::string> attribute(const xmlNode& element, const char* name);
/// Whether it is there, without a copy of its value.
bool has_attribute(const xmlNode& element, const char* name);

/// The expanded name that a QName in the content of `scope` stands for (XML Schema part 2, section 3.2.18): a
/// prefix by the declarations in scope, none by the default namespace. Nothing if the prefix is not declared.
std::optional<xml::QName> resolved(const xmlNode& scope, std::string_view qname);

/// The expanded name of an xsd:element that is declared locally, qualified as `form` and elementFormDefault
/// say.
xml::QName element_name(const xmlNode& element);

/// An expanded name as it is written in messages: {namespace}local.
std::string shown(const xml::QName& name);

/// A failure at this element: its file and line, and the message made safe for one log line.
soap::WsdlError error_at(const xmlNode& element, std::string_view message);

/// The child elements, for a range-based for.
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
