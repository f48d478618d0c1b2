// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/same_definition.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mod_sfjwt/wsdl/dom.h"

namespace sfjwt::wsdl {
namespace {

// The attributes of XML Schema with names as values. `value` is one of them in an enumeration of xsd:QName.
constexpr std::array<std::string_view, 4> kNames = {"type", "base", "ref", "value"};

const char* name_of(const xmlAttr& attribute) {
  return reinterpret_cast<const char*>(attribute.name);
}

// No element of XML Schema has that many attributes. Elements with more are not compared, to bound the time.
constexpr std::size_t kMaxAttributes = 32;

std::size_t attribute_count(const xmlNode& element) {
  std::size_t count = 0;
  for (const xmlAttr* each = element.properties; each; each = each->next) ++count;
  return count;
}

bool same_value(const xmlNode& one, const xmlNode& other, const char* name) {
  const auto value = attribute(one, name);
  const auto other_value = attribute(other, name);
  if (!value || !other_value) return value == other_value;
  const bool is_name = std::find(kNames.begin(), kNames.end(), name) != kNames.end();
  if (!is_name) return *value == *other_value;
  if (std::string_view(name) == "value" && *value != *other_value) return false;
  return resolved(one, *value) == resolved(other, *other_value);
}

// Attributes of other namespaces have no meaning for a schema processor; elements that have one count as
// different.
bool same_attributes(const xmlNode& one, const xmlNode& other) {
  const std::size_t count = attribute_count(one);
  if (count > kMaxAttributes || count != attribute_count(other)) return false;
  for (const xmlAttr* each = one.properties; each; each = each->next) {
    if (each->ns || !has_attribute(other, name_of(*each)) || !same_value(one, other, name_of(*each)))
      return false;
  }
  return true;
}

class Components {
 public:
  explicit Components(const xmlNode& parent) : next_(ChildElements(parent).begin()) {}

  // The next child that is not an annotation; nullptr at the end.
  const xmlNode* next() {
    while (next_ != ChildElements::Iterator(nullptr)) {
      const xmlNode& found = *next_;
      ++next_;
      if (!has_name(found, kXsdNamespace, "annotation")) return &found;
    }
    return nullptr;
  }

 private:
  ChildElements::Iterator next_;
};

// The recursion is bounded: libxml2 refuses documents with more than 256 levels.
bool same_element(const xmlNode& one, const xmlNode& other) {
  if (!has_name(one, namespace_name(other), local_name(other)) || !same_attributes(one, other)) return false;
  Components children(one);
  Components other_children(other);
  for (;;) {
    const xmlNode* child = children.next();
    const xmlNode* other_child = other_children.next();
    if (!child || !other_child) return child == other_child;
    if (!same_element(*child, *other_child)) return false;
  }
}

}  // namespace

bool same_definition(const xmlNode& one, const xmlNode& other) {
  for (const char* default_form : {"elementFormDefault", "attributeFormDefault"}) {
    const auto form = attribute(*one.parent, default_form).value_or("unqualified");
    if (form != attribute(*other.parent, default_form).value_or("unqualified")) return false;
  }
  return same_element(one, other);
}

}  // namespace sfjwt::wsdl
