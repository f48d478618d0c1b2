// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/fault_detail.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "mod_sfjwt/wsdl/limits.h"

namespace sfjwt::wsdl {
namespace {

using Codes = std::vector<std::string>;
using Elements = std::vector<const xmlNode*>;

// The values of a type: the enumeration of its nearest restriction. nullopt if the type is not of this form.
std::optional<Codes> codes_of(const xmlNode& element, const Declarations& declared) {
  const xmlNode* scope = &element;
  auto type = attribute(element, "type");
  for (int derivations = 0; type && derivations < kMaxDerivations; ++derivations) {
    const auto name = resolved(*scope, *type);
    if (name == xml::QName{std::string(kXsdNamespace), "string"}) return Codes();
    const auto found = name ? declared.simple_types.find(*name) : declared.simple_types.end();
    if (found == declared.simple_types.end()) return std::nullopt;
    scope = child(*found->second, kXsdNamespace, "restriction");
    if (!scope) return std::nullopt;
    Codes codes;
    for (const xmlNode& facet : ChildElements(*scope)) {
      if (!has_name(facet, kXsdNamespace, "enumeration")) return std::nullopt;
      codes.push_back(attribute(facet, "value").value_or(""));
    }
    if (!codes.empty()) {
      std::sort(codes.begin(), codes.end());
      return codes;
    }
    type = attribute(*scope, "base");
  }
  return std::nullopt;
}

bool is_annotation(const xmlNode& node) {
  return has_name(node, kXsdNamespace, "annotation");
}

// Appends the required elements of a type's own sequence. Returns false if the sequence contains anything
// else.
bool add_required(const xmlNode& content, Elements& required) {
  for (const xmlNode& item : ChildElements(content)) {
    if (is_annotation(item)) continue;
    if (!has_name(item, kXsdNamespace, "sequence")) return false;
    if (attribute(item, "minOccurs") || attribute(item, "maxOccurs")) return false;
    for (const xmlNode& particle : ChildElements(item)) {
      if (is_annotation(particle) || attribute(particle, "minOccurs") == "0") continue;
      if (!has_name(particle, kXsdNamespace, "element")) return false;
      required.push_back(&particle);
    }
  }
  return true;
}

// The required elements of a type and all its bases, in document order.
std::optional<Elements> required_elements(const xmlNode& complex_type, const Declarations& declared) {
  std::vector<const xmlNode*> contents;  // the most derived first
  const xmlNode* type = &complex_type;
  for (int derivations = 0; type; ++derivations) {
    if (derivations == kMaxDerivations || attribute(*type, "mixed") == "true") return std::nullopt;
    const xmlNode* complex = child(*type, kXsdNamespace, "complexContent");
    const xmlNode* extension = complex ? child(*complex, kXsdNamespace, "extension") : nullptr;
    if (complex && !extension) return std::nullopt;
    contents.push_back(extension ? extension : type);
    type = extension ? base_of(*type, declared) : nullptr;
    if (extension && !type) return std::nullopt;
  }
  Elements required;
  for (auto content = contents.rbegin(); content != contents.rend(); ++content)
    if (!add_required(**content, required)) return std::nullopt;
  return required;
}

std::optional<soap::FaultDetail> fault_detail(const xml::QName& name, const Declarations& declared,
                                              const soap::BackendNames& names) {
  const xmlNode& element = *declared.elements.at(name);
  const xmlNode* type = complex_type_of(element, declared);
  if (name.namespace_uri.empty() || !type || attribute(*type, "abstract") == "true") return std::nullopt;
  const auto required = required_elements(*type, declared);
  if (!required || required->size() != 2) return std::nullopt;
  const xmlNode& code = *required->front();
  const xmlNode& message = *required->back();
  if (attribute(code, "name") != names.exception_code ||
      attribute(message, "name") != names.exception_message)
    return std::nullopt;
  auto codes = codes_of(code, declared);
  if (!codes || codes_of(message, declared) != Codes()) return std::nullopt;
  const auto type_name = attribute(element, "type");
  return soap::FaultDetail{name,
                           type_name ? resolved(element, *type_name).value_or(xml::QName()) : xml::QName(),
                           element_name(code), element_name(message), std::move(*codes)};
}

}  // namespace

void enter_fault_details(const Declarations& declared, const soap::BackendNames& names, soap::Wsdl& wsdl) {
  std::vector<xml::QName> seen;
  for (const soap::Operation& operation : wsdl.operations) {
    for (const xml::QName& fault : operation.faults) {
      if (std::find(seen.begin(), seen.end(), fault) != seen.end()) continue;
      if (seen.size() == kMaxFaults) return;
      seen.push_back(fault);
      if (auto detail = fault_detail(fault, declared, names))
        wsdl.fault_details.push_back(std::move(*detail));
    }
  }
}

}  // namespace sfjwt::wsdl
