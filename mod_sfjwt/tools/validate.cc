// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/tools/catalog_files.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/input.h"

namespace sfjwt::tools {
namespace {

constexpr Option kOptions[] = {{Option::required_repeated, "wsdl"}, {Option::optional, "mode"}};

// A valid message, but none for the gateway: there is nothing in it to put a token into.
void note_without_session(const std::string& file, const std::string& operation) {
  std::cout.flush();
  std::cerr << "sfjwtctl: note: " << file << ": operation " << operation
            << " takes no session; the gateway refuses it\n";
}

// Mode report: forwarded all the same.
void note_violation(const std::string& file, const soap::DocumentError& error) {
  std::cout.flush();
  std::cerr << "sfjwtctl: note: " << file << ':' << error.line << ':' << error.column << ' ' << error.path
            << ": " << error.message << '\n';
}

bool accepted(const std::string& file, const soap::Catalog& catalog) {
  const auto message = read_input(file);
  if (!message) {
    failure(message.error());
    return false;
  }
  const auto envelope = soap::read_envelope(*message, catalog, soap::Limits{});
  if (envelope) {
    std::cout << file << ": ok operation=" << envelope->operation->name << '\n';
    if (envelope->violation) note_violation(file, *envelope->violation);
    if (!envelope->operation->session_header) note_without_session(file, envelope->operation->name);
    return true;
  }
  const soap::DocumentError& error = envelope.error();
  std::cout << file << ": refused " << error.line << ':' << error.column << ' '
            << (error.path.empty() ? "/" : error.path) << ": " << error.message << '\n';
  return false;
}

int validate(const Arguments& arguments) {
  const auto mode = mode_named(arguments.has("mode") ? arguments.value("mode") : "tolerant");
  if (!mode) return usage_error("--mode is strict, tolerant, report or structure");
  const auto catalog = read_catalog(arguments.values("wsdl"), *mode);
  if (!catalog) return failure(catalog.error());
  for (const std::string& warning : (*catalog)->warnings())
    std::cerr << "sfjwtctl: warning: " << warning << '\n';
  bool all_accepted = true;
  for (const std::string& file : arguments.operands()) {
    all_accepted = accepted(file, **catalog) && all_accepted;
  }
  return all_accepted ? Exit::all_well : Exit::failed;
}

}  // namespace

const Command kValidate = {
    "validate",
    "--wsdl WSDL... [--mode MODE] FILE...",
    "Checks requests as the gateway does, and prints one line for each:\n"
    "  FILE: ok operation=NAME\n"
    "  FILE: refused LINE:COLUMN PATH: reason\n"
    "A FILE of - is standard input. Who may act for whom is not asked here. An\n"
    "operation that takes no session, such as login, is accepted with a note, though the gateway\n"
    "refuses it.\n"
    "\n"
    "  --wsdl WSDL   a WSDL the gateway serves; may be given several times\n"
    "  --mode MODE   strict, tolerant (default), report or structure, as SFJwtValidate\n",
    kOptions,
    1,
    static_cast<std::size_t>(-1),
    validate};

}  // namespace sfjwt::tools
