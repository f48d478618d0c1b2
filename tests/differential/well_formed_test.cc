// SPDX-License-Identifier: Apache-2.0
// What our scanner takes for a well-formed document, libxml2 does too, and the other way round; but for what
// we refuse on purpose (DOCTYPE, processing instructions, other encodings, limits).
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "files.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/xml/scanner.h"
#include "mutant.h"
#include "oracle.h"
#include "specimen.h"

namespace sfjwt::soap {
namespace {

constexpr std::size_t kByteMutants = 150'000;

struct OurOpinion {
  bool accepted = false;
  xml::Rule rule = xml::Rule::well_formed;
  std::string message;
};

OurOpinion our_opinion(std::string_view document) {
  static const xml::Namespaces kNamespaces;
  xml::Scanner scanner(document, kNamespaces, xml::Limits{});
  auto tag = scanner.next();
  while (tag == xml::Scanner::Tag::start || tag == xml::Scanner::Tag::end) tag = scanner.next();
  if (tag == xml::Scanner::Tag::done) return {true, {}, {}};
  const xml::Violation& violation = scanner.violation();
  return {false, violation.rule, std::string(violation.message) + std::string(violation.name)};
}

// XML 1.0 section 2.8: processors may accept documents of later versions; libxml2 does, we do not.
bool later_version(const OurOpinion& ours) {
  return ours.message.find("not XML 1.0") != std::string::npos;
}

std::string difference(std::string_view document) {
  const OurOpinion ours = our_opinion(document);
  if (!ours.accepted && (ours.rule != xml::Rule::well_formed || later_version(ours))) return {};
  const Opinion theirs = parse_opinion(document);
  if (ours.accepted == theirs.well_formed) return {};
  return ours.accepted ? "libxml2 refuses: " + std::to_string(theirs.code) + ' ' + theirs.message
                       : "only we refuse: " + ours.message;
}

std::vector<Seed> seeds() {
  std::vector<Seed> all =
      seeds_in({source_folder() / "tests" / "data", shared_folder() / "messages" / "captured-wsc-par66",
                shared_folder() / "messages" / "captured-zeep-ent64"});
  const wsdl::WsdlDocument document = wsdl::open_wsdl(source_folder() / "tests/data/constructs.wsdl").value();
  const Wsdl wsdl = wsdl::read_wsdl(document, gateway::kSalesforce.names).value();
  const SpecimenWriter writer(document, wsdl);
  for (std::uint64_t i = 0; i < 60; ++i)
    all.push_back({"specimen " + std::to_string(i), writer.request(Random(i))});
  return all;
}

TEST(WellFormed, OurScannerAndLibxml2AgreeOnByteMutants) {
  const std::vector<Seed> documents = seeds();
  const char* wanted = std::getenv("SFJWT_MUTANTS");
  const std::size_t count = wanted ? static_cast<std::size_t>(std::atoll(wanted)) : kByteMutants;
  std::size_t accepted = 0;
  std::size_t found = 0;
  for (std::uint64_t i = 1; i <= count; ++i) {
    Random random(i);
    const Seed& seed = random.one_of(documents);
    const std::string mutant = byte_mutant(seed.text, random);
    accepted += our_opinion(mutant).accepted ? 1 : 0;
    const std::string problem = difference(mutant);
    found += problem.empty() ? 0 : 1;
    if (!problem.empty() && found <= 12)
      ADD_FAILURE() << "mutant " << i << " of " << seed.name << ": " << problem << '\n' << mutant;
  }
  EXPECT_EQ(found, 0U);
  std::cout << accepted << " of " << count << " byte mutants are well-formed\n";
}

}  // namespace
}  // namespace sfjwt::soap
