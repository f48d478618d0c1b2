// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/message_part.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace sfjwt::wsdl {
namespace {

bool lists(std::string_view names, std::string_view name) {
  constexpr std::string_view kWhiteSpace = " \t\r\n";
  while (!names.empty()) {
    const auto begin = std::min(names.find_first_not_of(kWhiteSpace), names.size());
    names.remove_prefix(begin);
    const auto end = std::min(names.find_first_of(kWhiteSpace), names.size());
    if (names.substr(0, end) == name) return true;
    names.remove_prefix(end);
  }
  return false;
}

bool in_header(const Direction& direction, const xml::QName& message, const std::string& part) {
  for (const xmlNode& header : ChildElements(*direction.bound)) {
    if (!has_name(header, direction.soap_namespace, "header") || attribute(header, "part") != part) continue;
    if (resolved(header, attribute(header, "message").value_or("")) == message) return true;
  }
  return false;
}

}  // namespace

std::string in_quotes(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

Result<xml::QName, soap::WsdlError> part_element(const xmlNode& part, const Declarations& declared) {
  if (!attribute(part, "element")) {
    return Unexpected{error_at(part, "message part " + in_quotes(attribute(part, "name").value_or("")) +
                                         " has a type instead of an element")};
  }
  auto element = referenced(part, "element", declared.elements, "element");
  if (!element) return Unexpected{std::move(element).error()};
  return std::move(element->name);
}

Result<xml::QName, soap::WsdlError> header_element(const xmlNode& header, const Declarations& declared) {
  if (attribute(header, "use").value_or("literal") != "literal") {
    return Unexpected{error_at(header, "soap:header with an encoded use; only literal is supported")};
  }
  auto message = referenced(header, "message", declared.messages, "message");
  if (!message) return Unexpected{std::move(message).error()};
  const std::string part_name = attribute(header, "part").value_or("");
  for (const xmlNode& part : ChildElements(*message->node)) {
    if (!has_name(part, kWsdlNamespace, "part") || attribute(part, "name") != part_name) continue;
    return part_element(part, declared);
  }
  return Unexpected{error_at(header, "soap:header refers to the part " + in_quotes(part_name) +
                                         " of message " + shown(message->name) + ", which does not exist")};
}

Result<std::optional<xml::QName>, soap::WsdlError> body_element(const Direction& direction,
                                                                const Declarations& declared) {
  // WSDL 1.1 section 3.5: the parts named by soap:body, or all. Parts of the same message in a soap:header
  // are not in the body; the specification does not say so, but all tools read it that way.
  const xmlNode* body = child(*direction.bound, direction.soap_namespace, "body");
  const std::string in_operation = " in operation " + in_quotes(direction.operation);
  if (!body) return Unexpected{error_at(*direction.bound, "there is no soap:body" + in_operation)};
  if (attribute(*body, "use").value_or("literal") != "literal") {
    return Unexpected{
        error_at(*body, "soap:body with an encoded use" + in_operation + "; only literal is supported")};
  }
  auto message = referenced(*direction.abstract, "message", declared.messages, "message");
  if (!message) return Unexpected{std::move(message).error()};
  const auto parts = attribute(*body, "parts");
  const xmlNode* found = nullptr;
  for (const xmlNode& part : ChildElements(*message->node)) {
    if (!has_name(part, kWsdlNamespace, "part")) continue;
    const std::string name = attribute(part, "name").value_or("");
    if (parts ? !lists(*parts, name) : in_header(direction, message->name, name)) continue;
    if (found) {
      return Unexpected{error_at(part, "message " + shown(message->name) +
                                           " puts several parts into the Body" + in_operation +
                                           "; only one is supported")};
    }
    found = &part;
  }
  if (!found) return std::optional<xml::QName>();
  auto element = part_element(*found, declared);
  if (!element) return Unexpected{std::move(element).error()};
  return std::optional<xml::QName>(std::move(*element));
}

}  // namespace sfjwt::wsdl
