// SPDX-License-Identifier: Apache-2.0
// Real WSDLs and real messages, and what becomes of them; the tables stand beside this file.
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "files.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"

namespace sfjwt::soap {
namespace {

namespace fs = std::filesystem;

class RealFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::is_directory(shared_folder())) GTEST_SKIP() << shared_folder() << " is not there";
  }
};

// "ok", or what is wrong and where.
std::string outcome(const fs::path& file, schema::Mode mode) {
  const auto catalog =
      wsdl::load_catalog({file}, {mode, schema::Relaxations::all()}, gateway::kSalesforce.names);
  if (catalog) return "ok";
  const WsdlError& error = catalog.error();
  const std::string name = fs::path(error.file).filename().string();
  return name + ':' + std::to_string(error.line) + ": " + error.message;
}

TEST_F(RealFiles, EverySalesforceWsdlCompilesInEveryMode) {
  for (const auto& entry : fs::directory_iterator(shared_folder() / "wsdl" / "salesforce")) {
    if (entry.path().extension() != ".wsdl") continue;
    for (const schema::Mode mode :
         {schema::Mode::strict, schema::Mode::tolerant, schema::Mode::report, schema::Mode::structure}) {
      EXPECT_EQ(outcome(entry.path(), mode), "ok") << entry.path().filename();
    }
  }
}

TEST_F(RealFiles, OtherWsdlsCompileOrFailWithConstructFileAndLine) {
  for (const auto& row : table_rows("other_wsdls.tsv")) {
    ASSERT_EQ(row.size(), 2U);
    const fs::path file = shared_folder() / "wsdl" / "other" / row[0];
    if (!fs::exists(file)) continue;
    EXPECT_EQ(outcome(file, schema::Mode::strict), row[1]) << row[0];
    EXPECT_EQ(outcome(file, schema::Mode::tolerant), row[1]) << row[0];
  }
}

std::string verdict(const std::string& message, const Catalog& catalog) {
  const auto envelope = read_envelope(message, catalog, {});
  return envelope ? "valid" : envelope.error().path + ": " + envelope.error().message;
}

TEST_F(RealFiles, MessagesOfRealClientsHaveTheirVerdicts) {
  std::map<std::string, std::pair<std::shared_ptr<const Catalog>, std::shared_ptr<const Catalog>>> catalogs;
  for (const auto& row : table_rows("verdicts.tsv")) {
    ASSERT_EQ(row.size(), 4U);
    const fs::path file = shared_folder() / "messages" / row[0];
    const fs::path wsdl = shared_folder() / "wsdl" / "salesforce" / row[1];
    if (!fs::exists(file) || !fs::exists(wsdl)) continue;
    auto& [strict, tolerant] = catalogs[row[1]];
    if (!strict) {
      strict = wsdl::load_catalog({wsdl}, {schema::Mode::strict, schema::Relaxations::none()},
                                  gateway::kSalesforce.names)
                   .value();
      tolerant = wsdl::load_catalog({wsdl}, {schema::Mode::tolerant, schema::Relaxations::all()},
                                    gateway::kSalesforce.names)
                     .value();
    }
    const std::string text = contents(file);
    EXPECT_EQ(row[0] + '\t' + verdict(text, *strict), row[0] + '\t' + row[2]);
    EXPECT_EQ(row[0] + '\t' + verdict(text, *tolerant), row[0] + '\t' + row[3]);
  }
}

}  // namespace
}  // namespace sfjwt::soap
