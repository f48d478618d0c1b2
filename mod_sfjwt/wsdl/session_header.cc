// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/session_header.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sfjwt::wsdl {
namespace {

// The element with this name anywhere in a content model.
std::optional<xml::QName> element_in(const xmlNode& group, std::string_view local_name) {
  for (const xmlNode& item : ChildElements(group)) {
    if (has_name(item, kXsdNamespace, "element")) {
      if (attribute(item, "name") == local_name) return element_name(item);
      const auto ref = attribute(item, "ref");
      auto name = ref ? resolved(item, *ref) : std::nullopt;
      if (name && name->local_name == local_name) return name;
    } else if (auto found = element_in(item, local_name)) {
      return found;
    }
  }
  return std::nullopt;
}

std::optional<xml::QName> session_id_of(const xmlNode& header, const Declarations& declared,
                                        std::string_view local_name) {
  const xmlNode* type = complex_type_of(header, declared);
  for (int derivations = 0; type && derivations < kMaxDerivations; ++derivations) {
    if (auto found = element_in(*type, local_name)) return found;
    type = base_of(*type, declared);
  }
  return std::nullopt;
}

}  // namespace

Result<Done, soap::WsdlError> enter_session_header(const WsdlDocument& document, const Declarations& declared,
                                                   const soap::BackendNames& names, soap::Wsdl& wsdl) {
  const std::string header_name(names.session_header);
  for (const soap::Operation& operation : wsdl.operations) {
    for (const xml::QName& block : operation.header_blocks) {
      if (block.local_name != header_name || block == wsdl.session_header) continue;
      if (!wsdl.session_header.local_name.empty()) {
        return Unexpected{soap::WsdlError{document.file, 0,
                                          "declares " + header_name + " twice, as " +
                                              shown(wsdl.session_header) + " and as " + shown(block)}};
      }
      wsdl.session_header = block;
    }
  }
  if (wsdl.session_header.local_name.empty()) {
    wsdl.warnings.emplace_back("no operation declares a " + header_name +
                               ", so its requests carry no session");
    return Done{};
  }
  const xmlNode& header = *declared.elements.at(wsdl.session_header);
  auto session_id = session_id_of(header, declared, names.session_id);
  if (!session_id)
    return Unexpected{
        error_at(header, header_name + " has no child element " + std::string(names.session_id))};
  wsdl.session_id = std::move(*session_id);
  return Done{};
}

}  // namespace sfjwt::wsdl
