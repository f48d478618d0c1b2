// SPDX-License-Identifier: Apache-2.0
// Our engine and libxml2 validate the same messages: real ones, ones generated from the schemas, and mutants
// of both. Where they disagree, one of them is wrong; known_faults.cc lists the errors of libxml2.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "files.h"
#include "known_faults.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/schema/simple_type.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"
#include "mutant.h"
#include "oracle.h"
#include "specimen.h"
#include "values.h"

namespace sfjwt::soap {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMutants = 320'000;  // of which a third are no envelopes any more
constexpr std::size_t kMaxReported = 12;

constexpr const char* kFacetedTypes[] = {
    "Id",  "Colour", "ColourToken", "Short", "ShortToken", "Squeezed", "Price",      "Percent", "Inner",
    "Ten", "Blob",   "Key",         "Code",  "Codes",      "Zip",      "PriceBelow", "Yes",     "LocalDate"};

// Both validators for one WSDL, and the messages.
class Court {
 public:
  Court(const fs::path& wsdl, const std::vector<fs::path>& folders)
      : document_(wsdl::open_wsdl(wsdl).value()),
        wsdl_(wsdl::read_wsdl(document_, gateway::kSalesforce.names).value()),
        oracle_(document_),
        strict_(wsdl::load_catalog({wsdl}, {schema::Mode::strict, schema::Relaxations::none()},
                                   gateway::kSalesforce.names)
                    .value()),
        structure_(wsdl::load_catalog({wsdl}, {schema::Mode::structure, schema::Relaxations::none()},
                                      gateway::kSalesforce.names)
                       .value()),
        writer_(document_, wsdl_),
        seeds_(seeds_in(folders)) {
    stock_.element_names = writer_.element_names();
    stock_.type_names = writer_.type_names();
    for (std::size_t i = 0; i < wsdl_.namespaces.size(); ++i) {
      stock_.target_namespaces += " xmlns:n" + std::to_string(i) + "='" + wsdl_.namespaces[i] + "'";
    }
    stock_.namespaces = wsdl_.namespaces;
    for (std::uint64_t i = 0; i < 120; ++i) {
      seeds_.push_back({"specimen " + std::to_string(i), writer_.request(Random(i))});
    }
    std::erase_if(seeds_, [](const Seed& seed) { return seed.text.size() > 6'000; });
  }

  const Oracle& oracle() const { return oracle_; }
  const std::vector<Seed>& seeds() const { return seeds_; }

  // How the verdicts differ, or nothing. Only messages that are whole envelopes are compared.
  std::string difference(std::string text) const {
    for (int mended = 0; mended < 24; ++mended) {
      const auto outside = read_envelope(text, *structure_, {});
      if (!outside) return {};
      const auto ours = read_envelope(text, *strict_, {});
      if (!ours && ours.error().rule != xml::Rule::invalid)
        return {};  // of the envelope, which is not the oracle's matter
      if (const std::string change = changed_by_size(text, ours); !change.empty()) return change;
      ++compared;
      const Opinion theirs = oracle_.judge(text);
      valid += theirs.valid ? 1 : 0;
      if (theirs.well_formed && theirs.valid == ours.has_value()) return {};
      const auto fault = mended_fault(text, ours.has_value() ? nullptr : &ours.error(), theirs);
      if (!fault) return described(ours, theirs);
      text = *fault;
    }
    return "mended too often";
  }

  // In a large document, repeated start tags are taken from the cache; a comment makes any document large.
  std::string changed_by_size(const std::string& text, const Result<Envelope, DocumentError>& small) const {
    std::string large = text;
    large.insert(large.rfind("</"), "<!--" + std::string(5'000, ' ') + "-->");
    const auto verdict = read_envelope(large, *strict_, {});
    if (verdict.has_value() != small.has_value()) return "a comment changes the verdict";
    if (!small &&
        (verdict.error().message != small.error().message || verdict.error().offset != small.error().offset ||
         verdict.error().path != small.error().path)) {
      return "a comment changes " + small.error().path + ": " + small.error().message + " into " +
             verdict.error().path + ": " + verdict.error().message;
    }
    return {};
  }

  // A request with this child of Body; prefixes as the specimens declare them.
  std::string with_body(const std::string& child) const {
    return "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
           "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
           "xmlns:xsd='http://www.w3.org/2001/XMLSchema'" +
           stock_.target_namespaces + "><e:Body>" + child + "</e:Body></e:Envelope>";
  }

  std::string differences_among_mutants(std::size_t count, std::uint64_t first) const {
    std::string report;
    std::size_t found = 0;
    for (std::uint64_t i = first; i < first + count; ++i) {
      Random random(i);
      const Seed& seed = random.one_of(seeds_);
      const std::string mutant = structural_mutant(seed.text, stock_, random);
      const std::string problem = difference(mutant);
      if (problem.empty()) continue;
      if (++found <= kMaxReported) {
        report +=
            "mutant " + std::to_string(i) + " of " + seed.name + ": " + problem + '\n' + mutant + "\n\n";
      }
    }
    return found == 0 ? report : std::to_string(found) + " disagreements\n" + report;
  }

  mutable std::size_t compared = 0;
  mutable std::size_t valid = 0;

 private:
  static std::string described(const Result<Envelope, DocumentError>& ours, const Opinion& theirs) {
    std::string text = ours ? "we say valid" : "we say " + ours.error().path + ": " + ours.error().message;
    text += theirs.valid ? ", libxml2 says valid"
                         : ", libxml2 says " + std::to_string(theirs.code) + ' ' + theirs.message;
    return text;
  }

  wsdl::WsdlDocument document_;
  Wsdl wsdl_;
  Oracle oracle_;
  std::shared_ptr<const Catalog> strict_;
  std::shared_ptr<const Catalog> structure_;
  SpecimenWriter writer_;
  std::vector<Seed> seeds_;
  Stock stock_;
};

// A WSDL with its messages, and its share of the mutants.
struct Case {
  const char* name;
  bool shared;  // in the collection of real files, which is not part of the project
  const char* wsdl;
  std::vector<const char*> folders;
  std::size_t parts_of_hundred;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"Constructs", false, "tests/data/constructs.wsdl", {}, 35},
      {"SamplePartner", false, "wsdl/sample-partner.wsdl", {"tests/data"}, 10},
      {"SampleEnterprise", false, "wsdl/sample-enterprise.wsdl", {"tests/data"}, 10},
      {"Partner66",
       true,
       "wsdl/salesforce/partner-66.0.wsdl",
       {"messages/captured-wsc-par66", "messages/wso2-connector-tests", "messages/embulk-sf_bulk_api"},
       15},
      {"Partner38",
       true,
       "wsdl/salesforce/partner-38.0.wsdl",
       {"messages/captured-perl-www-salesforce", "messages/captured-rforce"},
       7},
      {"Partner23", true, "wsdl/salesforce/partner-23.0.wsdl", {"messages/captured-php-toolkit-par27"}, 3},
      {"Enterprise27",
       true,
       "wsdl/salesforce/enterprise-27.0.wsdl",
       {"messages/captured-php-toolkit-ent64", "messages/captured-zeep-ent64",
        "messages/soapui-enterprise-64.0-templates"},
       10},
      {"Metadata63",
       true,
       "wsdl/salesforce/metadata-63.0.wsdl",
       {"messages/captured-zeep-met63", "messages/cumulusci-cassette"},
       5},
      {"Apex66", true, "wsdl/salesforce/apex-66.0.wsdl", {}, 3},
      {"Tooling44", true, "wsdl/salesforce/tooling-44.0.wsdl", {}, 2},
  };
  return all;
}

std::size_t mutant_count() {
  const char* wanted = std::getenv("SFJWT_MUTANTS");
  return wanted ? static_cast<std::size_t>(std::atoll(wanted)) : kMutants;
}

std::uint64_t first_mutant() {
  const char* wanted = std::getenv("SFJWT_MUTANT_SEED");
  return wanted ? static_cast<std::uint64_t>(std::atoll(wanted)) : 1;
}

// Every built-in type and every facet with every value there is a reason to try.
TEST(Differential, BothJudgesAgreeOnEveryTypeWithEveryEdgeValue) {
  const Court court(source_folder() / "tests/data/constructs.wsdl", {});
  ASSERT_TRUE(court.oracle().usable()) << court.oracle().problem();
  std::size_t found = 0;
  const auto hold = [&](const std::string& outer, const std::string& element) {
    for (const std::string_view value : edge_values()) {
      const std::string message =
          court.with_body("<n0:" + outer + "><n0:" + element + '>' + std::string(value) +
                          "</n0:" + element.substr(0, element.find(' ')) + "></n0:" + outer + '>');
      const std::string problem = court.difference(message);
      found += problem.empty() ? 0 : 1;
      if (!problem.empty() && found < kMaxReported)
        ADD_FAILURE() << element << " = \"" << value << "\": " << problem;
    }
  };
  for (std::size_t i = 0; i <= static_cast<std::size_t>(schema::Builtin::base64_binary); ++i) {
    hold("values", std::string(schema::name_of(static_cast<schema::Builtin>(i))));
    hold("values",
         "anything xsi:type='xsd:" + std::string(schema::name_of(static_cast<schema::Builtin>(i))) + '\'');
  }
  for (const char* type : kFacetedTypes) {
    hold("facets", type);
    hold("values", "anyType xsi:type='n0:" + std::string(type) + '\'');
  }
  EXPECT_EQ(found, 0U);
  std::cout << court.compared << " values compared, " << court.valid << " valid\n";
}

class DifferentialWsdl : public testing::TestWithParam<Case> {};

TEST_P(DifferentialWsdl, BothJudgesAgreeOnEveryMessageAndMutant) {
  const Case& tested = GetParam();
  const fs::path root = tested.shared ? shared_folder() : source_folder();
  if (!fs::exists(root / tested.wsdl)) GTEST_SKIP() << root / tested.wsdl << " is not there";
  std::vector<fs::path> folders;
  for (const char* folder : tested.folders) folders.push_back(root / folder);
  const Court court(root / tested.wsdl, folders);
  ASSERT_TRUE(court.oracle().usable()) << court.oracle().problem();
  for (const Seed& seed : court.seeds()) {
    const std::string problem = court.difference(seed.text);
    EXPECT_TRUE(problem.empty()) << seed.name << ": " << problem << '\n' << seed.text;
  }
  std::cout << court.compared << " of " << court.seeds().size() << " seeds compared, " << court.valid
            << " valid\n";
  court.compared = court.valid = 0;
  const std::size_t count = mutant_count() * tested.parts_of_hundred / 100;
  const std::string report = court.differences_among_mutants(count, first_mutant());
  EXPECT_TRUE(report.empty()) << report;
  std::cout << court.compared << " of " << count << " mutants compared, " << court.valid << " valid\n";
}

INSTANTIATE_TEST_SUITE_P(All, DifferentialWsdl, testing::ValuesIn(cases()),
                         [](const auto& named) { return std::string(named.param.name); });

}  // namespace
}  // namespace sfjwt::soap
