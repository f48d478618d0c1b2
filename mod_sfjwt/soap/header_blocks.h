// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mod_sfjwt/core/raw_array.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/xml/name.h"
#include "mod_sfjwt/xml/scanner.h"
#include "mod_sfjwt/xml/violation.h"

namespace sfjwt::soap {

/// Collects the blocks of one Header. Which of them are allowed is known only when the operation has been
/// read.
class HeaderBlocks {
 public:
  HeaderBlocks(const Catalog& catalog, const xml::Scanner& scanner) : catalog_(catalog), scanner_(scanner) {}

  /// Adds the block whose start tag was just read. A violation if there are too many, or if its attributes
  /// are not those that SOAP of this namespace allows on a block (SOAP 1.1 section 4.2, SOAP 1.2 part 1
  /// section 5.2).
  std::optional<xml::Violation> add(xml::NamespaceId soap);

  /// The index in the catalog of the block just added; nullopt if no operation declares it.
  std::optional<std::uint16_t> last_declared() const {
    assert(count_ > 0);
    return blocks_[count_ - 1].declared;
  }

  /// The first block that this operation does not allow.
  std::optional<xml::Violation> violation_for(const CatalogOperation& operation) const;

 private:
  static constexpr std::size_t kMaxBlocks = 64;

  struct Block {
    xml::Name name;
    std::size_t offset;
    bool must_understand;
    std::optional<std::uint16_t> declared;  // index in the catalog
  };

  std::optional<xml::Violation> check_attributes(Block& block, xml::NamespaceId soap) const;
  std::optional<xml::Violation> check_attribute(const xml::Attribute& attribute, Block& block,
                                                xml::NamespaceId soap) const;
  std::optional<xml::Violation> refused(xml::Rule rule, const char* message,
                                        std::string_view name = {}) const {
    return xml::Violation{rule, scanner_.tag_begin(), message, name, {}};
  }

  const Catalog& catalog_;
  const xml::Scanner& scanner_;
  std::size_t count_ = 0;
  RawArray<Block, kMaxBlocks> blocks_;
};

}  // namespace sfjwt::soap
