// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/service_reader.h"

#include <iostream>

#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/option_checks.h"
#include "mod_sfjwt/tools/section_options.h"
#include "mod_sfjwt/tools/terminal_text.h"

namespace sfjwt::tools {
namespace {

struct WsdlOptions {
  ValidationOptions validation;
  CLI::Option* files = nullptr;
};

// James Clark's notation: {namespace}local.
std::string shown(const xml::QName& name) {
  return escaped(name.namespace_uri.empty() ? name.local_name
                                            : "{" + name.namespace_uri + "}" + name.local_name);
}

void print_operation(const soap::Operation& operation) {
  std::cout << "  " << escaped(operation.name) << '\n';
  std::cout << "    input         " << shown(operation.input) << '\n';
  if (!operation.output.local_name.empty())
    std::cout << "    output        " << shown(operation.output) << '\n';
  for (const xml::QName& block : operation.header_blocks) {
    std::cout << "    header block  " << shown(block) << '\n';
  }
  for (const xml::QName& fault : operation.faults) std::cout << "    fault         " << shown(fault) << '\n';
  if (!operation.soap_action.empty())
    std::cout << "    SOAPAction    " << escaped(operation.soap_action) << '\n';
}

void print(const std::string& file, const soap::Wsdl& wsdl) {
  std::cout << escaped(file) << '\n';
  std::cout << "target namespace: " << escaped(wsdl.target_namespace) << '\n';
  std::cout << "bindings:" << (wsdl.soap11 ? " SOAP 1.1" : "") << (wsdl.soap12 ? " SOAP 1.2" : "") << '\n';
  std::cout << "session id: ";
  if (wsdl.session_header.local_name.empty()) {
    std::cout << "none\n";
  } else {
    std::cout << shown(wsdl.session_header) << '/' << shown(wsdl.session_id) << '\n';
  }
  std::cout << "namespaces: " << wsdl.namespaces.size() << '\n';
  for (const std::string& uri : wsdl.namespaces) std::cout << "  " << escaped(uri) << '\n';
  std::cout << "operations: " << wsdl.operations.size() << '\n';
  for (const soap::Operation& operation : wsdl.operations) print_operation(operation);
}

int show_wsdls(const WsdlOptions& options) {
  const auto validation = options.validation.validation();
  if (!validation) return report(validation.error());
  int answer = Exit::all_well;
  for (const std::string& file : options.files->results()) {
    const auto catalog = read_catalog({file}, *validation);
    if (catalog) {
      print(file, (*catalog)->wsdls().front());
    } else {
      answer = report(catalog.error());
    }
  }
  return answer;
}

}  // namespace

void add_wsdl(CLI::App& program, Run& chosen) {
  const auto options = std::make_shared<WsdlOptions>();
  CLI::App& command =
      *program.add_subcommand("wsdl", "Compile each WSDL as the gateway does at start, and print a summary");
  add_validation(command, options->validation);
  options->files = add_files(command, "WSDL");
  command.callback([options, &chosen] { chosen = [options] { return show_wsdls(*options); }; });
}

}  // namespace sfjwt::tools
