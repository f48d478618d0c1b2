// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sfjwt::wsdl {

/// The number of nodes that a parser would build for an XML document.
struct NodeCount {
  std::size_t nodes = 0;  // elements, attributes, comments, processing instructions
  std::optional<std::size_t>
      crowded_tag;  // where a tag with more than `most_attributes` begins; counting ends there
};

/// Counts in one pass without building anything, because libxml2 compares each attribute of a tag with all
/// others and keeps some hundred bytes per node. The document need not be well-formed. Works only for
/// encodings that are supersets of ASCII.
NodeCount count_nodes(std::string_view xml, std::size_t most_attributes);

}  // namespace sfjwt::wsdl
