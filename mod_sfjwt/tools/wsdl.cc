// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/wsdl.h"

#include <iostream>

#include "mod_sfjwt/tools/catalog_files.h"
#include "mod_sfjwt/tools/commands.h"

namespace sfjwt::tools {
namespace {

// As James Clark's notation has it: {namespace}local.
std::string shown(const soap::QName& name) {
  return name.namespace_uri.empty() ? name.local_name : "{" + name.namespace_uri + "}" + name.local_name;
}

void print_operation(const soap::Operation& operation) {
  std::cout << "  " << operation.name << '\n';
  std::cout << "    input         " << shown(operation.input) << '\n';
  if (!operation.output.local_name.empty())
    std::cout << "    output        " << shown(operation.output) << '\n';
  for (const soap::QName& block : operation.header_blocks) {
    std::cout << "    header block  " << shown(block) << '\n';
  }
  for (const soap::QName& fault : operation.faults) std::cout << "    fault         " << shown(fault) << '\n';
  if (!operation.soap_action.empty()) std::cout << "    SOAPAction    " << operation.soap_action << '\n';
}

void print(const soap::Wsdl& wsdl) {
  std::cout << wsdl.file << '\n';
  std::cout << "target namespace: " << wsdl.target_namespace << '\n';
  std::cout << "bindings:" << (wsdl.soap11 ? " SOAP 1.1" : "") << (wsdl.soap12 ? " SOAP 1.2" : "") << '\n';
  std::cout << "session id: ";
  if (wsdl.session_header.local_name.empty()) {
    std::cout << "none\n";
  } else {
    std::cout << shown(wsdl.session_header) << '/' << shown(wsdl.session_id) << '\n';
  }
  std::cout << "namespaces: " << wsdl.namespaces.size() << '\n';
  for (const std::string& uri : wsdl.namespaces) std::cout << "  " << uri << '\n';
  std::cout << "operations: " << wsdl.operations.size() << '\n';
  for (const soap::Operation& operation : wsdl.operations) print_operation(operation);
}

int show_wsdls(const Arguments& arguments) {
  int answer = Exit::all_well;
  for (const std::string& file : arguments.operands()) {
    const auto wsdl = soap::read_wsdl(file);
    if (!wsdl) {
      answer = failure(sentence(wsdl.error()));
      continue;
    }
    print(*wsdl);
    for (const std::string& warning : wsdl->warnings)
      std::cerr << "sfjwtctl: warning: " << file << ": " << warning << '\n';
  }
  return answer;
}

}  // namespace

const Command kWsdl = {
    "wsdl",
    "FILE...",
    "Prints what a WSDL tells the gateway: bindings, where the session id stands, namespaces,\n"
    "operations with their input and output elements, header blocks and faults.\n",
    {},
    1,
    static_cast<std::size_t>(-1),
    show_wsdls};

}  // namespace sfjwt::tools
