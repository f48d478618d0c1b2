// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/header_blocks.h"

#include <algorithm>
#include <string>

#include "mod_sfjwt/xml/character_data.h"

namespace sfjwt::soap {
namespace {

// The role "next" addresses every node that receives the message (SOAP 1.1 section 4.2.2, SOAP 1.2 part 1
// section 2.2): the gateway, and the backend after it. Axis 1 sets it on all its header blocks.
bool is_for_us(std::string_view actor, xml::NamespaceId soap) {
  return actor.empty() || actor == "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver" ||
         actor == (soap == xml::kSoap11 ? "http://schemas.xmlsoap.org/soap/actor/next"
                                        : "http://www.w3.org/2003/05/soap-envelope/role/next");
}

}  // namespace

std::optional<xml::Violation> HeaderBlocks::add(xml::NamespaceId soap) {
  if (count_ == kMaxBlocks) return refused(xml::Rule::limit, "the Header has too many blocks");
  Block& block = blocks_[count_++];
  const xml::Name name = scanner_.name();
  block.name.namespace_id = name.namespace_id;
  block.name.local = name.local;
  block.offset = scanner_.tag_begin();
  block.must_understand = false;
  block.declared = catalog_.find_header_block(name);
  return check_attributes(block, soap);
}

std::optional<xml::Violation> HeaderBlocks::check_attributes(Block& block, xml::NamespaceId soap) const {
  for (const xml::Attribute& attribute : scanner_.attributes()) {
    if (attribute.namespace_id != soap) continue;
    if (auto violation = check_attribute(attribute, block, soap)) return violation;
  }
  return std::nullopt;
}

std::optional<xml::Violation> HeaderBlocks::check_attribute(const xml::Attribute& attribute, Block& block,
                                                            xml::NamespaceId soap) const {
  const std::string value = attribute.plain ? std::string() : xml::attribute_text(attribute.raw_value);
  const std::string_view text = attribute.plain ? attribute.raw_value : std::string_view(value);
  const std::string_view local = attribute.local();
  if (local == "mustUnderstand") {
    block.must_understand = text == "1" || text == "true";
    if (!block.must_understand && text != "0" && text != "false")
      return refused(xml::Rule::envelope, "mustUnderstand is neither 0 nor 1");
  } else if (local == (soap == xml::kSoap11 ? "actor" : "role")) {
    if (!is_for_us(text, soap) && block.name.local == catalog_.names().session_header) {
      return refused(
          xml::Rule::session_header,
          "a header block for the backend is addressed to another node by actor or role:", block.name.local);
    }
  } else if (local != "encodingStyle" && !(soap == xml::kSoap12 && local == "relay")) {
    return refused(xml::Rule::envelope, "a header block has an unknown SOAP attribute:", attribute.raw_name);
  }
  return std::nullopt;
}

std::optional<xml::Violation> HeaderBlocks::violation_for(const CatalogOperation& operation) const {
  for (std::size_t i = 0; i < count_; ++i) {
    const Block& block = blocks_[i];
    const auto known = block.declared;
    if (known && std::binary_search(operation.header_blocks.begin(), operation.header_blocks.end(), *known))
      continue;
    // Common clients send blocks of the API's own namespace with every operation, whether it declares them or
    // not.
    const bool of_this_api = catalog_.declares(operation.wsdl, block.name.namespace_id);
    if (catalog_.mode() != schema::Mode::strict && of_this_api && (known || !block.must_understand)) continue;
    if (block.must_understand && !known) {
      return xml::Violation{xml::Rule::must_understand,
                            block.offset,
                            "the header block must be understood but the WSDL does not know it:",
                            block.name.local,
                            {}};
    }
    return xml::Violation{xml::Rule::header_block,
                          block.offset,
                          "the header block is not declared for the operation:",
                          block.name.local,
                          {}};
  }
  return std::nullopt;
}

}  // namespace sfjwt::soap
