// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/gateway/wsdl_mismatch.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/document_verdict.h"
#include "mod_sfjwt/tools/input.h"
#include "mod_sfjwt/tools/option_checks.h"
#include "mod_sfjwt/tools/section_options.h"
#include "mod_sfjwt/tools/terminal_text.h"

namespace sfjwt::tools {
namespace {

struct ValidateOptions {
  std::vector<std::string> wsdls;
  ValidationOptions validation;
  DocumentLimits limits;
  CLI::Option* files = nullptr;
};

// Warns of a valid message that the gateway refuses, because it has no place for the token or names no user.
void note_session(const std::string& file, std::string_view message, const soap::Envelope& envelope) {
  if (!envelope.operation->session_header) {
    note(file + ": operation " + envelope.operation->name +
         " does not take a session; the gateway refuses the request");
  } else if (!envelope.session.present()) {
    note(file + ": no SessionHeader; the gateway refuses the request unless SFJwtSubject names the user");
  } else if (trimmed(soap::session_id(message, envelope.session)).empty()) {
    note(file + ": sessionId is empty; the gateway refuses the request unless SFJwtSubject names the user");
  }
}

bool accepted(const std::string& file, const soap::Catalog& catalog, const DocumentLimits& limits) {
  const auto message = read_message(file, limits.bytes);
  if (!message) {
    failure(message.error());
    return false;
  }
  const auto envelope = soap::read_envelope(*message, catalog, limits.xml);
  if (!envelope) {
    print_refused(file, envelope.error());
    if (const auto& foreign = envelope.error().foreign)
      note(file + ":" + gateway::wsdl_mismatch(*foreign, catalog, gateway::kSalesforce));
    return false;
  }
  std::cout << escaped(file) << ": ok operation=" << escaped(envelope->operation->name) << '\n';
  if (envelope->violation) {  // the gateway forwards it in mode report
    note(file + ":" + place_of(*envelope->violation) + ": " + envelope->violation->message);
  }
  note_session(file, *message, *envelope);
  return true;
}

int validate(const ValidateOptions& options) {
  const auto validation = options.validation.validation();
  if (!validation) return report(validation.error());
  const auto catalog = read_catalog(options.wsdls, *validation);
  if (!catalog) return report(catalog.error());
  bool all_accepted = true;
  for (const std::string& file : options.files->results()) {
    all_accepted = accepted(file, **catalog, options.limits) && all_accepted;
  }
  return all_accepted ? Exit::all_well : Exit::failed;
}

}  // namespace

void add_validate(CLI::App& program, Run& chosen) {
  const auto options = std::make_shared<ValidateOptions>();
  CLI::App& command = *program.add_subcommand("validate", "Validate requests as the gateway does");
  add_wsdls(command, options->wsdls);
  add_validation(command, options->validation);
  add_limits(command, options->limits);
  options->files = add_files(command, "Request, optionally compressed with gzip");
  command.callback([options, &chosen] { chosen = [options] { return validate(*options); }; });
}

}  // namespace sfjwt::tools
