// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mod_sfjwt/xml/limits.h"
#include "mod_sfjwt/xml/namespaces.h"
#include "mod_sfjwt/xml/violation.h"

namespace sfjwt::xml {

/// A violation with its position. `message` and `path` contain names of the document, cut to 100 bytes each,
/// but never values; both are UTF-8 and may be shown to the client.
struct LocatedViolation {
  Rule rule = Rule::well_formed;
  std::size_t offset = 0;  // bytes from the start
  std::size_t line = 1;    // LF ends a line; counted from 1
  std::size_t column = 1;  // in characters, counted from 1
  std::string path;        // "/Envelope/Body/create/sObjects[3]/Birthdate"
  std::string message;
};

/// Adds line, column and path to a violation, by parsing the document again up to it. Linear in the bytes.
LocatedViolation located(std::string_view document, const Namespaces& namespaces, const Limits& limits,
                         const Violation& violation);

}  // namespace sfjwt::xml
