// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "mod_sfjwt/soap/location.h"
#include "mod_sfjwt/soap/scanner.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/input.h"

namespace sfjwt::tools {
namespace {

bool accepted(const std::string& file) {
  const auto document = read_input(file);
  if (!document) {
    failure(document.error());
    return false;
  }
  const soap::Namespaces namespaces;
  const soap::Limits limits;
  soap::Scanner scanner(*document, namespaces, limits);
  auto tag = scanner.next();
  while (tag == soap::Scanner::Tag::start || tag == soap::Scanner::Tag::end) tag = scanner.next();
  if (tag == soap::Scanner::Tag::done) {
    std::cout << file << ": ok\n";
    return true;
  }
  const soap::DocumentError error = located(*document, namespaces, limits, scanner.violation());
  std::cout << file << ": refused " << error.line << ':' << error.column << ' '
            << (error.path.empty() ? "/" : error.path) << ": " << error.message << '\n';
  return false;
}

int well_formed(const Arguments& arguments) {
  bool all_accepted = true;
  for (const std::string& file : arguments.operands()) all_accepted = accepted(file) && all_accepted;
  return all_accepted ? Exit::all_well : Exit::failed;
}

}  // namespace

const Command kWellFormed = {
    "well-formed",
    "FILE...",
    "Reads XML documents as the gateway reads requests, whatever elements they have, and prints one line "
    "for\n"
    "each:\n"
    "  FILE: ok\n"
    "  FILE: refused LINE:COLUMN PATH: reason\n"
    "The gateway takes XML 1.0 (fifth edition) with namespaces in UTF-8, without DOCTYPE and processing\n"
    "instructions, within limits. A FILE of - is standard input.\n",
    {},
    1,
    static_cast<std::size_t>(-1),
    well_formed};

}  // namespace sfjwt::tools
