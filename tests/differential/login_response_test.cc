// SPDX-License-Identifier: Apache-2.0
// The response to login that the gateway writes is valid against the WSDLs, according to libxml2, whatever
// the backend says of the user, and zeep reads it.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "files.h"
#include "mod_sfjwt/gateway/exception_code.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/login/login_response.h"
#include "mod_sfjwt/login/user_info.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/soap/fault.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"
#include "oracle.h"

namespace sfjwt::login {
namespace {

namespace fs = std::filesystem;

constexpr auto& kNames = gateway::kSalesforce.names.login;
constexpr const char* kServer = "https://gateway.corp.example/services/Soap/u/64.0/00DA0000000YpZ4MAK";

// What Salesforce says of the user, according to its WSDL: all fields, only the ids, or all others nil.
enum class Given { all, ids, nil };

std::string value_for(const soap::LoginField& field) {
  const std::string& name = field.name.local_name;
  if (name == "organizationId") return "00DA0000000YpZ4MAK";
  if (name == "userId") return "005A000000AAAAAIAY";
  if (field.placeholder.empty()) return "A &amp; &lt;B&gt;";
  return field.placeholder;
}

std::string user_info(const soap::LoginDescription& description, Given given) {
  const std::string& uri = description.user_info_output.namespace_uri;
  std::string document =
      "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
      "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><e:Body><getUserInfoResponse xmlns='" +
      uri + "'><result>";
  for (const soap::LoginField& field : description.user) {
    const std::string& name = field.name.local_name;
    const bool id = name == "organizationId" || name == "userId";
    if (id || given == Given::all) {
      document += "<" + name + ">" + value_for(field) + "</" + name + ">";
    } else if (given == Given::nil) {
      document += "<" + name + " xsi:nil='true'/>";
    }
  }
  return document + "</result></getUserInfoResponse></e:Body></e:Envelope>";
}

Secret response(const soap::LoginDescription& description, Given given, soap::SoapVersion version,
                const char* metadata) {
  const auto user = read_user_info(user_info(description, given), description, kNames);
  EXPECT_TRUE(user) << user.error().message;
  const Secret id(std::string("sfjwt.handle-of_the.user"));
  return login_response(description, kNames, version, {id, kServer, metadata, true, user.value()});
}

std::shared_ptr<const soap::Catalog> catalog_of(const fs::path& file, schema::Mode mode) {
  const auto catalog =
      wsdl::load_catalog({file}, {mode, schema::Relaxations::none()}, gateway::kSalesforce.names);
  EXPECT_TRUE(catalog) << file << catalog.error().message;
  return catalog.value();
}

void expect_valid_responses(const fs::path& file) {
  const auto catalog = catalog_of(file, schema::Mode::structure);
  const soap::Wsdl& wsdl = catalog->wsdls().front();
  ASSERT_TRUE(wsdl.login) << file;
  const soap::Oracle oracle(*wsdl::open_wsdl(file));
  ASSERT_TRUE(oracle.usable()) << file << oracle.problem();
  for (const auto version : {soap::SoapVersion::v1_1, soap::SoapVersion::v1_2}) {
    for (const Given given : {Given::all, Given::ids, Given::nil}) {
      for (const char* metadata :
           {"", "https://gateway.corp.example/services/Soap/m/64.0/00DA0000000YpZ4MAK"}) {
        const Secret document = response(*wsdl.login, given, version, metadata);
        const soap::Opinion opinion = oracle.judge(document.reveal());
        EXPECT_TRUE(opinion.well_formed && opinion.valid) << file << ": " << opinion.message << '\n'
                                                          << document.reveal();
      }
    }
  }
}

void expect_accepted_request(const fs::path& file) {
  const auto catalog = catalog_of(file, schema::Mode::strict);
  const std::string request = user_info_request(catalog->wsdls().front(), soap::SoapVersion::v1_1);
  const auto envelope = soap::read_envelope(request, *catalog, {});
  ASSERT_TRUE(envelope) << file << ": " << envelope.error().message;
  EXPECT_EQ(envelope->operation->name, "getUserInfo");
  EXPECT_TRUE(envelope->session.present());
}

// The detail of a fault in place of the response to an operation, as a message that the oracle can judge.
void expect_valid_fault(const fs::path& file, gateway::Reason reason, std::string_view operation,
                        std::string_view fault_name) {
  const auto catalog = catalog_of(file, schema::Mode::structure);
  const auto& operations = catalog->operations();
  const auto called = std::find_if(operations.begin(), operations.end(),
                                   [operation](const auto& known) { return known.name == operation; });
  ASSERT_NE(called, operations.end()) << file;
  const auto detail = gateway::typed_detail(reason, *catalog, &*called, "", gateway::kSalesforce);
  const bool declares_faults = !file.filename().string().starts_with("tooling-");
  ASSERT_EQ(detail.has_value(), declares_faults) << file;
  if (!detail) return;
  EXPECT_EQ(detail->declared.element.local_name, fault_name) << file;
  const soap::Oracle oracle(*wsdl::open_wsdl(file));
  const std::string fault = soap::backend_fault_document(soap::SoapVersion::v1_1, detail->exception_code,
                                                         "<wrong> & \"locked\"", detail, {});
  const auto begin = fault.find("<detail>") + 8;
  const soap::Opinion opinion =
      oracle.judge("<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>" +
                   fault.substr(begin, fault.find("</detail>") - begin) + "</e:Body></e:Envelope>");
  EXPECT_TRUE(opinion.well_formed && opinion.valid) << file << ": " << opinion.message << '\n' << fault;
}

std::vector<fs::path> samples() {
  const fs::path folder = fs::path(SFJWT_SOURCE_DIR) / "wsdl";
  return {folder / "sample-partner.wsdl", folder / "sample-enterprise.wsdl"};
}

// The real WSDLs of the three APIs that have login.
std::vector<fs::path> real_wsdls() {
  std::vector<fs::path> files;
  const fs::path folder = soap::shared_folder() / "wsdl" / "salesforce";
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("partner-") || name.starts_with("enterprise-") || name.starts_with("tooling-"))
      files.push_back(entry.path());
  }
  return files;
}

class LoginResponse : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    files_ = GetParam() ? real_wsdls() : samples();
    if (files_.empty()) GTEST_SKIP() << "no WSDLs in " << soap::shared_folder() / "wsdl" / "salesforce";
  }
  std::vector<fs::path> files_;
};

TEST_P(LoginResponse, IsValid) {
  for (const fs::path& file : files_) expect_valid_responses(file);
}

TEST_P(LoginResponse, ItsRequestForTheUserInfoIsAccepted) {
  for (const fs::path& file : files_) expect_accepted_request(file);
}

TEST_P(LoginResponse, TheFaultsInItsPlaceAreValid) {
  for (const fs::path& file : files_) {
    expect_valid_fault(file, gateway::Reason::login_denied, "login", "LoginFault");
    expect_valid_fault(file, gateway::Reason::handle_not_valid, "getUserInfo", "UnexpectedErrorFault");
  }
}

TEST_P(LoginResponse, IsReadByZeep) {
  if (std::system("/usr/bin/python3 -c 'import zeep' 2>/dev/null") != 0)
    GTEST_SKIP() << "python3-zeep is missing";
  const fs::path folder = fs::temp_directory_path() / ("login_response." + std::to_string(::getpid()));
  fs::create_directory(folder);
  const std::string script = (fs::path(SFJWT_SOURCE_DIR) / "tests/differential/zeep_login.py").string();
  for (const fs::path& file : files_) {
    const auto catalog = catalog_of(file, schema::Mode::structure);
    const fs::path document = folder / "response.xml";
    std::ofstream(document)
        << response(*catalog->wsdls().front().login, Given::ids, soap::SoapVersion::v1_1, "").reveal();
    const std::string command = "PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 " + script + " " + file.string() +
                                " " + document.string();
    EXPECT_EQ(std::system(command.c_str()), 0) << file;
  }
  fs::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(All, LoginResponse, testing::Bool(),
                         [](const auto& named) { return named.param ? "RealWsdls" : "SampleWsdls"; });

}  // namespace
}  // namespace sfjwt::login
