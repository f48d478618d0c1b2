// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/dom.h"

#include "mod_sfjwt/core/text.h"

namespace sfjwt::wsdl {
namespace {

constexpr std::size_t kMaxMessageBytes = 1000;

std::string_view text_of(const xmlChar* text) {
  return as_view(reinterpret_cast<const char*>(text));
}

// A value without references is one text node; several nodes are joined. Entity references cannot occur,
// since they need a DTD.
std::string value_of(const xmlAttr& attribute) {
  const xmlNode* const first = attribute.children;
  if (first && !first->next) return std::string(trimmed(text_of(first->content)));
  std::string value;
  for (const xmlNode* piece = first; piece; piece = piece->next) value += text_of(piece->content);
  return std::string(trimmed(value));
}

const xmlAttr* attribute_node(const xmlNode& element, const char* name) {
  const xmlAttr* candidate = element.properties;
  while (candidate &&
         (candidate->ns || !xmlStrEqual(candidate->name, reinterpret_cast<const xmlChar*>(name))))
    candidate = candidate->next;
  return candidate;
}

}  // namespace

std::string_view local_name(const xmlNode& element) {
  return text_of(element.name);
}

std::string_view namespace_name(const xmlNode& element) {
  return element.ns ? text_of(element.ns->href) : std::string_view();
}

bool has_name(const xmlNode& element, std::string_view namespace_uri, std::string_view local) {
  return local_name(element) == local && namespace_name(element) == namespace_uri;
}

std::optional<std::string> attribute(const xmlNode& element, const char* name) {
  const xmlAttr* const found = attribute_node(element, name);
  if (!found) return std::nullopt;
  return value_of(*found);
}

bool has_attribute(const xmlNode& element, const char* name) {
  return attribute_node(element, name) != nullptr;
}

std::optional<xml::QName> resolved(const xmlNode& scope, std::string_view qname) {
  const auto colon = qname.find(':');
  const auto prefix = colon == std::string_view::npos ? std::string_view() : qname.substr(0, colon);
  std::string local(colon == std::string_view::npos ? qname : qname.substr(colon + 1));
  if (prefix == "xml") return xml::QName{"http://www.w3.org/XML/1998/namespace", std::move(local)};
  for (const xmlNode* node = &scope; node && node->type == XML_ELEMENT_NODE; node = node->parent) {
    for (const xmlNs* declared = node->nsDef; declared; declared = declared->next) {
      if (text_of(declared->prefix) == prefix)
        return xml::QName{std::string(text_of(declared->href)), std::move(local)};
    }
  }
  if (!prefix.empty()) return std::nullopt;
  return xml::QName{{}, std::move(local)};
}

xml::QName element_name(const xmlNode& element) {
  const xmlNode* schema = &element;
  while (!has_name(*schema, kXsdNamespace, "schema")) schema = schema->parent;
  const auto form = attribute(element, "form");
  const bool qualified = form.value_or(attribute(*schema, "elementFormDefault").value_or("")) == "qualified";
  return {qualified ? attribute(*schema, "targetNamespace").value_or("") : "",
          attribute(element, "name").value_or("")};
}

std::string shown(const xml::QName& name) {
  return name.namespace_uri.empty() ? name.local_name : "{" + name.namespace_uri + "}" + name.local_name;
}

soap::WsdlError error_at(const xmlNode& element, std::string_view message) {
  return soap::WsdlError{std::string(text_of(element.doc->URL)), static_cast<int>(xmlGetLineNo(&element)),
                         printable(message, kMaxMessageBytes)};
}

const xmlNode* child(const xmlNode& parent, std::string_view namespace_uri, std::string_view local) {
  for (const xmlNode& candidate : ChildElements(parent)) {
    if (has_name(candidate, namespace_uri, local)) return &candidate;
  }
  return nullptr;
}

}  // namespace sfjwt::wsdl
