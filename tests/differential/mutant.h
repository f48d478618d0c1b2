// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "random.h"

namespace sfjwt::soap {

/// The offsets of the parts of an element in a document.
struct WrittenElement {
  std::size_t begin = 0;        // of '<'
  std::size_t content = 0;      // behind the '>' of the start tag
  std::size_t content_end = 0;  // of the '<' of the end tag; content for an empty-element tag
  std::size_t end = 0;          // behind the '>' of the end tag
  std::size_t name_bytes = 0;   // of the qualified name, right behind '<'
  std::size_t depth = 0;        // 1 for the root
  bool leaf = true;
  bool self_closed = false;
  std::vector<std::pair<std::size_t, std::size_t>> attributes;  // from name to behind the closing quote
};

/// The elements of a document in document order, as far as it is well-formed.
std::vector<WrittenElement> written_elements(std::string_view document);

/// What mutations draw from.
struct Stock {
  std::vector<std::string> element_names;  // qualified, prefixes n0, n1, ... and xsd
  std::vector<std::string> type_names;
  std::string target_namespaces;  // declarations of these prefixes, as attributes
  std::vector<std::string> namespaces;
};

/// Changes elements, values and attributes, one to three times; mostly still well-formed.
std::string structural_mutant(std::string_view seed, const Stock& stock, Random& random);

/// Changes single bytes and short runs of them.
std::string byte_mutant(std::string_view seed, Random& random);

}  // namespace sfjwt::soap
