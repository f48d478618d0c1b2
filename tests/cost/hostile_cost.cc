// SPDX-License-Identifier: Apache-2.0
// Reads hostile documents of one size and of twice that size. Under callgrind each pass over each of them is
// a dump of its own, named by pass, bytes and document; test_hostile_cost.py reads these.
//   valgrind --tool=callgrind --callgrind-out-file=FILE hostile_cost BYTES
#include <valgrind/callgrind.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "hostile_documents.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"
#include "mod_sfjwt/xml/scanner.h"

namespace sfjwt::soap {
namespace {

void scan(const std::string& document) {
  const xml::Namespaces namespaces;
  auto scanner = std::make_unique<xml::Scanner>(document, namespaces, xml::Limits{});
  for (auto tag = scanner->next(); tag != xml::Scanner::Tag::done && tag != xml::Scanner::Tag::failed;)
    tag = scanner->next();
}

template <class Pass>
void count(const char* pass, const std::string& what, const std::string& bytes, Pass read) {
  const std::string name = std::string(pass) + '\t' + std::to_string(bytes.size()) + '\t' + what;
  CALLGRIND_ZERO_STATS;
  read(bytes);
  CALLGRIND_DUMP_STATS_AT(name.c_str());
}

void count_all(std::size_t bytes, const Catalog& catalog) {
  const auto judge = [&](const std::string& message) {
    static_cast<void>(read_envelope(message, catalog, {}));
  };
  for (const xml::HostileDocument& document : xml::hostile_documents(bytes)) {
    const std::string message = xml::request_with(document.element);
    count("scan", document.what, document.element, scan);
    count("judge", document.what, message, judge);
    // The place of a violation is looked for only when there is one, in two more passes.
    count("refuse", document.what, message + "<", judge);
  }
}

}  // namespace
}  // namespace sfjwt::soap

int main(int argc, char** argv) {
  const std::size_t bytes = argc == 2 ? std::strtoul(argv[1], nullptr, 10) : 0;
  if (bytes == 0) {
    std::cerr << "usage: hostile_cost BYTES\n";
    return 2;
  }
  const auto catalog = sfjwt::wsdl::load_catalog({SFJWT_SOURCE_DIR "/wsdl/sample-partner.wsdl"}, {},
                                                 sfjwt::gateway::kSalesforce.names)
                           .value();
  for (const std::size_t size : {bytes, 2 * bytes}) sfjwt::soap::count_all(size, *catalog);
}
