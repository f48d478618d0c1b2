// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/document_verdict.h"
#include "mod_sfjwt/tools/input.h"
#include "mod_sfjwt/tools/option_checks.h"
#include "mod_sfjwt/tools/section_options.h"
#include "mod_sfjwt/tools/terminal_text.h"
#include "mod_sfjwt/xml/location.h"
#include "mod_sfjwt/xml/scanner.h"

namespace sfjwt::tools {
namespace {

struct WellFormedOptions {
  DocumentLimits limits;
  CLI::Option* files = nullptr;
};

bool accepted(const std::string& file, const DocumentLimits& limits) {
  const auto document = read_message(file, limits.bytes);
  if (!document) {
    failure(document.error());
    return false;
  }
  const xml::Namespaces namespaces;
  xml::Scanner scanner(*document, namespaces, limits.xml);
  auto tag = scanner.next();
  while (tag == xml::Scanner::Tag::start || tag == xml::Scanner::Tag::end) tag = scanner.next();
  if (tag == xml::Scanner::Tag::done) {
    std::cout << escaped(file) << ": ok\n";
    return true;
  }
  print_refused(file, xml::located(*document, namespaces, limits.xml, scanner.violation()));
  return false;
}

int well_formed(const WellFormedOptions& options) {
  bool all_accepted = true;
  for (const std::string& file : options.files->results()) {
    all_accepted = accepted(file, options.limits) && all_accepted;
  }
  return all_accepted ? Exit::all_well : Exit::failed;
}

}  // namespace

void add_well_formed(CLI::App& program, Run& chosen) {
  const auto options = std::make_shared<WellFormedOptions>();
  CLI::App& command = *program.add_subcommand(
      "well-formed", "Parse XML documents as the gateway parses requests, whatever their elements");
  add_limits(command, options->limits);
  options->files = add_files(command, "Document, optionally compressed with gzip");
  command.callback([options, &chosen] { chosen = [options] { return well_formed(*options); }; });
}

}  // namespace sfjwt::tools
