// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "mod_sfjwt/xml/byte_scan.h"
#include "mod_sfjwt/xml/violation.h"

namespace sfjwt::xml {

/// A position in a document that is read from left to right, and the violation that ends the reading.
/// Functions that read at a cursor return whether they succeeded, and leave the cursor after what they read.
struct Cursor {
  const char* document;
  std::size_t size;
  std::size_t at = 0;
  Violation violation = {};

  /// The byte at this distance; NUL, which no document contains, after the end.
  char peek(std::size_t ahead = 0) const { return at + ahead < size ? document[at + ahead] : '\0'; }
  std::string_view rest() const { return {document + at, size - at}; }
  bool looking_at(std::string_view text) const { return rest().starts_with(text); }
  std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - document);
  }
  void skip_white_space() { at = blank_run(document, at, size).end; }

  /// Returns false, so that a reader can return the result.
  bool refuse(Rule rule, std::size_t offset, const char* message, std::string_view name = {}) {
    violation = {rule, std::min(offset, size), message, name, {}};
    return false;
  }
};

}  // namespace sfjwt::xml
