// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/declarations.h"

#include <string>
#include <utility>

#include "mod_sfjwt/wsdl/limits.h"

namespace sfjwt::wsdl {
namespace {

Result<Done, soap::WsdlError> add_definitions(const xmlNode& definitions, Declarations& declared) {
  const std::string target = attribute(definitions, "targetNamespace").value_or("");
  for (const xmlNode& item : ChildElements(definitions)) {
    const bool is_message = has_name(item, kWsdlNamespace, "message");
    if (!is_message && !has_name(item, kWsdlNamespace, "portType")) continue;
    const xml::QName name{target, attribute(item, "name").value_or("")};
    const auto children = static_cast<std::size_t>(xmlChildElementCount(const_cast<xmlNode*>(&item)));
    const std::size_t most = is_message ? kMaxMessageParts : kMaxOperations;
    if (children > most) {
      return Unexpected{error_at(item, (is_message ? "message " : "portType ") + shown(name) + " has " +
                                           more_than(most, is_message ? "parts" : "operations"))};
    }
    auto& table = is_message ? declared.messages : declared.port_types;
    if (!table.emplace(name, &item).second) {
      return Unexpected{error_at(
          item, (is_message ? "message " : "portType ") + shown(name) + " is declared a second time")};
    }
  }
  return Done{};
}

void add_schema(const xmlNode& schema, Declarations& declared) {
  const std::string target = attribute(schema, "targetNamespace").value_or("");
  for (const xmlNode& item : ChildElements(schema)) {
    Declarations::Table* table = nullptr;
    if (has_name(item, kXsdNamespace, "element")) table = &declared.elements;
    if (has_name(item, kXsdNamespace, "complexType")) table = &declared.complex_types;
    if (has_name(item, kXsdNamespace, "simpleType")) table = &declared.simple_types;
    if (table) table->emplace(xml::QName{target, attribute(item, "name").value_or("")}, &item);
  }
}

const xmlNode* named_type(const xmlNode& element, const char* attribute_name, const Declarations& declared) {
  const auto type = attribute(element, attribute_name);
  const auto name = type ? resolved(element, *type) : std::nullopt;
  const auto found = name ? declared.complex_types.find(*name) : declared.complex_types.end();
  return found == declared.complex_types.end() ? nullptr : found->second;
}

}  // namespace

const xmlNode* complex_type_of(const xmlNode& element, const Declarations& declared) {
  const xmlNode* own = child(element, kXsdNamespace, "complexType");
  return own ? own : named_type(element, "type", declared);
}

const xmlNode* base_of(const xmlNode& complex_type, const Declarations& declared) {
  const xmlNode* content = child(complex_type, kXsdNamespace, "complexContent");
  if (!content) return nullptr;
  for (const xmlNode& derivation : ChildElements(*content)) {
    if (const xmlNode* base = named_type(derivation, "base", declared)) return base;
  }
  return nullptr;
}

Result<Declarations, soap::WsdlError> declarations_of(const WsdlDocument& document) {
  Declarations declared;
  for (const auto& part : document.documents) {
    const xmlNode& root = *xmlDocGetRootElement(part.get());
    if (!has_name(root, kWsdlNamespace, "definitions")) continue;
    if (auto done = add_definitions(root, declared); !done) return Unexpected{std::move(done).error()};
  }
  for (const xmlNode* schema : document.schemas) add_schema(*schema, declared);
  return declared;
}

Result<Referenced, soap::WsdlError> referenced(const xmlNode& element, const char* attribute_name,
                                               const Declarations::Table& table, std::string_view what) {
  const std::string here(local_name(element));
  const auto text = attribute(element, attribute_name);
  if (!text) return Unexpected{error_at(element, here + " has no attribute \"" + attribute_name + "\"")};
  auto name = resolved(element, *text);
  if (!name) {
    return Unexpected{error_at(element, here + " refers to \"" + *text + "\", whose prefix is not declared")};
  }
  const auto found = table.find(*name);
  if (found == table.end()) {
    return Unexpected{error_at(element, here + " refers to the " + std::string(what) + " " + shown(*name) +
                                            ", which does not exist")};
  }
  return Referenced{std::move(*name), found->second};
}

}  // namespace sfjwt::wsdl
