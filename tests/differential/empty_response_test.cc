// SPDX-License-Identifier: Apache-2.0
// The gateway's response to logout is valid against the WSDLs, according to libxml2.
#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "files.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/gateway/session_guard.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"
#include "oracle.h"

namespace sfjwt::gateway {
namespace {

namespace fs = std::filesystem;

void expect_valid_logout_response(const fs::path& file) {
  const auto catalog = wsdl::load_catalog({file}, {schema::Mode::structure, schema::Relaxations::all()},
                                          gateway::kSalesforce.names);
  ASSERT_TRUE(catalog) << catalog.error().message;
  const soap::CatalogOperation* logout = (*catalog)->operation_named("logout");
  if (!logout) return;
  const soap::Oracle oracle(*wsdl::open_wsdl(file));
  ASSERT_TRUE(oracle.usable()) << oracle.problem();
  for (const auto version : {soap::SoapVersion::v1_1, soap::SoapVersion::v1_2}) {
    const std::string response = empty_response(**catalog, *logout, version);
    EXPECT_NE(response.find("<logoutResponse"), std::string::npos);
    const soap::Opinion opinion = oracle.judge(response);
    EXPECT_TRUE(opinion.well_formed && opinion.valid) << file << ": " << opinion.message;
  }
}

TEST(EmptyResponse, OfLogoutIsValidByTheSampleWsdls) {
  for (const char* name : {"sample-partner.wsdl", "sample-enterprise.wsdl"})
    expect_valid_logout_response(fs::path(SFJWT_SOURCE_DIR) / "wsdl" / name);
}

TEST(EmptyResponse, OfLogoutIsValidByRealWsdls) {
  const fs::path folder = soap::shared_folder() / "wsdl" / "salesforce";
  if (!fs::is_directory(folder)) GTEST_SKIP() << folder << " is not there";
  for (const char* name : {"partner-66.0.wsdl", "tooling-44.0.wsdl"})
    if (fs::exists(folder / name)) expect_valid_logout_response(folder / name);
}

}  // namespace
}  // namespace sfjwt::gateway
