// SPDX-License-Identifier: Apache-2.0
// Mode tolerant, and each single relaxation, accepts everything that mode strict accepts: tested with real
// messages, with messages generated from the schemas, and with mutants of both. SFJWT_MUTANTS and
// SFJWT_MUTANT_SEED in the environment extend the search.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "files.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"
#include "mutant.h"
#include "specimen.h"

namespace sfjwt::soap {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMutants = 120'000;

struct Case {
  const char* name;
  bool shared;  // in the collection of real files, which is not part of the project
  const char* wsdl;
  std::vector<const char*> folders;
  std::size_t parts_of_hundred;
};

struct RelaxedCatalog {
  std::string name;
  std::shared_ptr<const Catalog> catalog;
};

std::vector<RelaxedCatalog> relaxed_catalogs(const fs::path& wsdl) {
  std::vector<RelaxedCatalog> catalogs;
  for (const schema::NamedRelaxation& relaxation : schema::kRelaxations) {
    schema::Relaxations one = schema::Relaxations::none();
    one.*relaxation.member = true;
    catalogs.push_back(
        {std::string(relaxation.name),
         wsdl::load_catalog({wsdl}, {schema::Mode::tolerant, one}, gateway::kSalesforce.names).value()});
  }
  catalogs.push_back({"all", wsdl::load_catalog({wsdl}, {schema::Mode::tolerant, schema::Relaxations::all()},
                                                gateway::kSalesforce.names)
                                 .value()});
  return catalogs;
}

// Start tags that come again are known in a large document only; a comment makes any document large.
std::string made_large(std::string text) {
  return text.insert(text.rfind("</"), "<!--" + std::string(5'000, ' ') + "-->");
}

constexpr std::string_view kNils[] = {"true", "1", "false", " true ", "&#49;", "yes", "", "TRUE"};

// What relaxations look at: xsi:nil, white space, order, and names that stand elsewhere too.
std::string tempting_mutant(std::string text, Random& random) {
  std::vector<WrittenElement> elements = written_elements(text);
  std::erase_if(elements, [](const WrittenElement& element) { return element.depth < 4; });
  if (elements.size() < 2) return text;
  const WrittenElement& element = random.one_of(elements);
  const WrittenElement& other = random.one_of(elements);
  const std::string name = text.substr(element.begin + 1, element.name_bytes);
  const std::string written = text.substr(element.begin, element.end - element.begin);
  const auto attach = [&](const std::string& attribute) {
    text.insert(element.begin + 1 + element.name_bytes,
                " xmlns:v='http://www.w3.org/2001/XMLSchema-instance' v:" + attribute);
  };
  switch (random.below(4)) {
    case 0:
      attach("nil='" + std::string(random.one_of(kNils)) + '\'');
      break;
    case 1:
      if (!element.self_closed)
        text.replace(element.content, element.content_end - element.content, random.one_in(2) ? "\n" : "");
      attach("nil='true'");
      break;
    case 2:
      if (other.depth == element.depth) text.insert(other.end, written);
      break;
    default:
      text.insert(other.end, '<' + name + ">5<z/></" + name + '>');
      break;
  }
  return text;
}

std::size_t number_of(const char* variable, std::size_t usual) {
  const char* wanted = std::getenv(variable);
  return wanted ? static_cast<std::size_t>(std::atoll(wanted)) : usual;
}

class RelaxationOf : public testing::TestWithParam<Case> {
 protected:
  // Who refuses a message that mode strict accepts, and why; nothing if none does.
  std::string refusal(const std::string& text) const {
    const std::string large = made_large(text);
    for (const auto& [name, catalog] : relaxed_) {
      for (const std::string& message : {text, large}) {
        const auto envelope = read_envelope(message, *catalog, {});
        if (!envelope) return name + ": " + envelope.error().path + ": " + envelope.error().message;
      }
    }
    return {};
  }

  std::shared_ptr<const Catalog> strict_;
  std::vector<RelaxedCatalog> relaxed_;
};

// A mutant that is accepted is changed further, so that the search leaves the messages it began with.
TEST_P(RelaxationOf, AcceptsWhateverModeStrictAccepts) {
  const fs::path root = GetParam().shared ? shared_folder() : source_folder();
  const fs::path wsdl = root / GetParam().wsdl;
  if (!fs::exists(wsdl)) GTEST_SKIP() << wsdl << " is not there";
  const wsdl::WsdlDocument document = wsdl::open_wsdl(wsdl).value();
  const Wsdl read = wsdl::read_wsdl(document, gateway::kSalesforce.names).value();
  const SpecimenWriter writer(document, read);
  Stock stock{writer.element_names(), writer.type_names(), "", read.namespaces};
  for (std::size_t i = 0; i < read.namespaces.size(); ++i)
    stock.target_namespaces += " xmlns:n" + std::to_string(i) + "='" + read.namespaces[i] + "'";
  std::vector<fs::path> folders;
  for (const char* folder : GetParam().folders) folders.push_back(root / folder);
  std::vector<Seed> seeds = seeds_in(folders);
  for (std::uint64_t i = 0; i < 120; ++i)
    seeds.push_back({"specimen " + std::to_string(i), writer.request(Random(i))});
  strict_ = wsdl::load_catalog({wsdl}, {schema::Mode::strict, schema::Relaxations::none()},
                               gateway::kSalesforce.names)
                .value();
  relaxed_ = relaxed_catalogs(wsdl);
  const auto accepted = [this](const std::string& text) {
    return read_envelope(text, *strict_, {}).has_value();
  };
  std::erase_if(seeds, [&](const Seed& seed) { return seed.text.size() > 6'000 || !accepted(seed.text); });
  ASSERT_FALSE(seeds.empty());
  for (const Seed& seed : seeds) EXPECT_EQ(refusal(seed.text), "") << seed.name;

  const std::size_t count = number_of("SFJWT_MUTANTS", kMutants) * GetParam().parts_of_hundred / 100;
  Random random(number_of("SFJWT_MUTANT_SEED", 1));
  std::size_t compared = 0;
  std::string text = random.one_of(seeds).text;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string mutant =
        random.one_in(2) ? structural_mutant(text, stock, random) : tempting_mutant(text, random);
    if (!accepted(mutant)) continue;
    ++compared;
    const std::string refused = refusal(mutant);
    ASSERT_EQ(refused, "") << mutant;
    text = random.one_in(20) || mutant.size() > 8'000 ? random.one_of(seeds).text : mutant;
  }
  EXPECT_GT(compared * 100, count) << "hardly a mutant was valid";
  std::cout << compared << " of " << count << " mutants are valid\n";
}

INSTANTIATE_TEST_SUITE_P(
    Each, RelaxationOf,
    testing::Values(
        Case{"Constructs", false, "tests/data/constructs.wsdl", {}, 40},
        Case{"SamplePartner", false, "wsdl/sample-partner.wsdl", {"tests/data"}, 20},
        Case{"SampleEnterprise", false, "wsdl/sample-enterprise.wsdl", {"tests/data"}, 20},
        Case{"Partner66", true, "wsdl/salesforce/partner-66.0.wsdl", {"messages/captured-wsc-par66"}, 10},
        Case{"Metadata63", true, "wsdl/salesforce/metadata-63.0.wsdl", {"messages/captured-zeep-met63"}, 10}),
    [](const auto& named) { return std::string(named.param.name); });

}  // namespace
}  // namespace sfjwt::soap
