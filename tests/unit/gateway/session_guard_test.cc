// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/session_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "mod_sfjwt/gateway/salesforce.h"

namespace sfjwt::gateway {
namespace {

using testing::HasSubstr;

constexpr const char* kPartner = "urn:partner.soap.sforce.com";
constexpr const char* kSoap11Name = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr const char* kSoap12Name = "http://www.w3.org/2003/05/soap-envelope";

std::shared_ptr<const soap::Catalog> catalog_of(const char* api) {
  soap::Wsdl wsdl;
  wsdl.file = "some.wsdl";
  wsdl.soap11 = true;
  wsdl.session_header = {api, "SessionHeader"};
  wsdl.session_id = {api, "sessionId"};
  wsdl.namespaces = {api};
  for (const char* name : {"logout", "invalidateSessions", "setPassword", "resetPassword",
                           "changeOwnPassword", "query", "login"}) {
    soap::Operation operation;
    operation.name = name;
    operation.input = {api, name};
    operation.output = {api, std::string(name) + "Response"};
    operation.header_blocks = {wsdl.session_header};
    wsdl.operations.push_back(operation);
  }
  return soap::Catalog::build({wsdl}, gateway::kSalesforce.names, schema::Mode::structure).value();
}

bool guards(const SessionGuard& guard, const char* name, const char* api = kPartner) {
  const auto catalog = catalog_of(api);
  return guarded_operation(guard, *catalog, *catalog->operation_named(name), kSalesforce) != nullptr;
}

constexpr auto kGuardedOperations = kSalesforce.guarded_operations;

TEST(SessionGuard, GuardsWhatEndsSessions) {
  for (const auto& operation : kGuardedOperations)
    EXPECT_TRUE(guards(SessionGuard::all(), std::string(operation.name).c_str())) << operation.name;
}

TEST(SessionGuard, GuardsNothingElse) {
  EXPECT_FALSE(guards(SessionGuard::all(), "query"));
  EXPECT_FALSE(guards(SessionGuard::all(), "login"));
}

TEST(SessionGuard, GuardsEachOperationByItsOwnBit) {
  for (std::size_t i = 0; i < kGuardedOperations.size(); ++i) {
    const auto& operation = kGuardedOperations[i];
    SessionGuard guard = SessionGuard::all();
    guard.set(i, false);
    for (const auto& other : kGuardedOperations)
      EXPECT_EQ(guards(guard, std::string(other.name).c_str()), other.name != operation.name) << other.name;
  }
}

TEST(SessionGuard, GuardsTheApisAndNoApexClass) {
  for (const char* api :
       {"urn:enterprise.soap.sforce.com", "urn:partner.soap.sforce.com", "urn:tooling.soap.sforce.com"})
    EXPECT_TRUE(guards(SessionGuard::all(), "logout", api)) << api;
  for (const char* api : {"http://soap.sforce.com/schemas/class/Shop", "urn:shop.example"})
    EXPECT_FALSE(guards(SessionGuard::all(), "logout", api)) << api;
}

TEST(SessionGuard, SaysWhyItRefuses) {
  const auto catalog = catalog_of(kPartner);
  const auto* guarded =
      guarded_operation(SessionGuard::all(), *catalog, *catalog->operation_named("setPassword"), kSalesforce);
  const Refusal refusal = refusal_of(*guarded);
  EXPECT_EQ(refusal.reason, Reason::session_guarded);
  EXPECT_THAT(refusal.message, HasSubstr("setPassword is not forwarded"));
  EXPECT_THAT(refusal.message, HasSubstr("ends the sessions of its user"));
}

TEST(SessionGuard, AnswersWithTheOutputOfTheWsdl) {
  const auto catalog = catalog_of(kPartner);
  const auto& logout = *catalog->operation_named("logout");
  const std::string body =
      "<soapenv:Body><logoutResponse xmlns=\"urn:partner.soap.sforce.com\"/></soapenv:Body>";
  EXPECT_THAT(empty_response(*catalog, logout, soap::SoapVersion::v1_1), HasSubstr(body));
  EXPECT_THAT(empty_response(*catalog, logout, soap::SoapVersion::v1_1), HasSubstr(kSoap11Name));
  EXPECT_THAT(empty_response(*catalog, logout, soap::SoapVersion::v1_2), HasSubstr(kSoap12Name));
}

}  // namespace
}  // namespace sfjwt::gateway
