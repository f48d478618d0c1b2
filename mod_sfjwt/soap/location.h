// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "mod_sfjwt/soap/document_error.h"
#include "mod_sfjwt/soap/limits.h"
#include "mod_sfjwt/soap/namespaces.h"

namespace sfjwt::soap {

/// A violation as the one pass notes it; costs nothing until it is told to somebody.
struct Violation {
  Rule rule = Rule::well_formed;
  std::size_t offset = 0;
  const char* message = "";   // a literal; the name follows it
  std::string_view name;      // of the document; empty if none
  std::string_view expected;  // of the schema: what could stand there; empty if nothing helps
};

/// The violation as it is told: with line, column and path, found by reading the document once more up to
/// there. Linear in the bytes.
DocumentError located(std::string_view document, const Namespaces& namespaces, const Limits& limits,
                      const Violation& violation);

}  // namespace sfjwt::soap
