// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tools/document_verdict.h"

#include <iostream>

#include "mod_sfjwt/tools/terminal_text.h"

namespace sfjwt::tools {

std::string place_of(const xml::LocatedViolation& error) {
  return std::to_string(error.line) + ":" + std::to_string(error.column) + " " +
         (error.path.empty() ? "/" : error.path);
}

void print_refused(const std::string& file, const xml::LocatedViolation& error) {
  std::cout << escaped(file + ": refused " + place_of(error) + ": " + error.message) << '\n';
}

}  // namespace sfjwt::tools
