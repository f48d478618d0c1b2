// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/session_header.h"

#include <optional>
#include <string>
#include <utility>

namespace sfjwt::soap {
namespace {

constexpr int kMostDerivations = 32;  // a type that derives from itself must not hold up the start

const xmlNode& schema_of(const xmlNode& component) {
  const xmlNode* node = &component;
  while (!is(*node, kXsdNamespace, "schema")) node = node->parent;
  return *node;
}

QName local_element_name(const xmlNode& element, std::string local) {
  const xmlNode& schema = schema_of(element);
  const auto form = attribute(element, "form");
  const bool qualified = (form ? *form : attribute(schema, "elementFormDefault").value_or("")) == "qualified";
  return {qualified ? attribute(schema, "targetNamespace").value_or("") : "", std::move(local)};
}

// The element sessionId anywhere in a content model.
std::optional<QName> session_id_in(const xmlNode& group) {
  for (const xmlNode& item : ChildElements(group)) {
    if (is(item, kXsdNamespace, "element")) {
      if (attribute(item, "name") == "sessionId") return local_element_name(item, "sessionId");
      const auto ref = attribute(item, "ref");
      auto name = ref ? resolved(item, *ref) : std::nullopt;
      if (name && name->local_name == "sessionId") return name;
    } else if (auto found = session_id_in(item)) {
      return found;
    }
  }
  return std::nullopt;
}

const xmlNode* named_type(const xmlNode& element, const char* attribute_name, const Declarations& declared) {
  const auto type = attribute(element, attribute_name);
  const auto name = type ? resolved(element, *type) : std::nullopt;
  const auto found = name ? declared.complex_types.find(*name) : declared.complex_types.end();
  return found == declared.complex_types.end() ? nullptr : found->second;
}

// What a type extends or restricts; null if nothing, or no complexType of this WSDL.
const xmlNode* base_of(const xmlNode& type, const Declarations& declared) {
  const xmlNode* content = child(type, kXsdNamespace, "complexContent");
  if (!content) return nullptr;
  for (const xmlNode& derivation : ChildElements(*content)) {
    if (const xmlNode* base = named_type(derivation, "base", declared)) return base;
  }
  return nullptr;
}

std::optional<QName> session_id_of(const xmlNode& header, const Declarations& declared) {
  const xmlNode* type = child(header, kXsdNamespace, "complexType");
  if (!type) type = named_type(header, "type", declared);
  for (int derivations = 0; type && derivations < kMostDerivations; ++derivations) {
    if (auto found = session_id_in(*type)) return found;
    type = base_of(*type, declared);
  }
  return std::nullopt;
}

}  // namespace

Result<Done, WsdlError> enter_session_header(const WsdlDocument& document, const Declarations& declared,
                                             Wsdl& wsdl) {
  for (const Operation& operation : wsdl.operations) {
    for (const QName& block : operation.header_blocks) {
      if (block.local_name != "SessionHeader" || block == wsdl.session_header) continue;
      if (!wsdl.session_header.local_name.empty()) {
        return Unexpected{WsdlError{
            document.file, 0,
            "declares SessionHeader twice, as " + shown(wsdl.session_header) + " and as " + shown(block)}};
      }
      wsdl.session_header = block;
    }
  }
  if (wsdl.session_header.local_name.empty()) {
    wsdl.warnings.emplace_back("no operation declares a SessionHeader, so its requests carry no session");
    return Done{};
  }
  const xmlNode& header = *declared.elements.at(wsdl.session_header);
  auto session_id = session_id_of(header, declared);
  if (!session_id) return Unexpected{error_at(header, "SessionHeader has no child element sessionId")};
  wsdl.session_id = std::move(*session_id);
  return Done{};
}

}  // namespace sfjwt::soap
