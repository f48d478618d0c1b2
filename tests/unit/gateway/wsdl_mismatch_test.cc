// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/wsdl_mismatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mod_sfjwt/gateway/api_name.h"
#include "mod_sfjwt/gateway/gateway.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "tests/unit/gateway/fake_caller.h"

namespace sfjwt::gateway {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kPartner = "urn:partner.soap.sforce.com";
const std::string kEnterprise = "urn:enterprise.soap.sforce.com";
const std::string kTooling = "urn:tooling.soap.sforce.com";

soap::Wsdl wsdl(const std::string& uri, const std::string& file, const std::string& address) {
  soap::Wsdl wsdl;
  wsdl.file = file;
  wsdl.address = address;
  wsdl.target_namespace = uri;
  wsdl.soap11 = true;
  wsdl.session_header = {uri, "SessionHeader"};
  wsdl.session_id = {uri, "sessionId"};
  wsdl.namespaces = {uri};
  wsdl.operations = {{"query", {uri, "query"}, {uri, "queryResponse"}, {wsdl.session_header}, {}, ""}};
  return wsdl;
}

soap::Wsdl partner() {
  return wsdl(kPartner, "/etc/apache2/sfjwt/partner.wsdl",
              "https://login.salesforce.com/services/Soap/u/66.0");
}

soap::Wsdl tooling() {
  return wsdl(kTooling, "/etc/apache2/sfjwt/tooling.wsdl",
              "https://login.salesforce.com/services/Soap/T/64.0");
}

Rules rules(std::vector<soap::Wsdl> wsdls) {
  Rules rules;
  rules.backend = &kSalesforce;
  rules.catalog =
      soap::Catalog::build(std::move(wsdls), gateway::kSalesforce.names, schema::Mode::tolerant).value();
  return rules;
}

std::string message(const std::string& header_uri, const std::string& operation,
                    const std::string& session_id = "jane@corp.example") {
  return "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Header><SessionHeader xmlns='" +
         header_uri + "'><sessionId>" + session_id + "</sessionId></SessionHeader></e:Header><e:Body>" +
         operation + "</e:Body></e:Envelope>";
}

Refusal refused(const Rules& rules, const std::string& body, std::string_view action = "\"\"") {
  auto admitted = admit(body, {MediaType{soap::SoapVersion::v1_1, {}}, action}, rules, FakeCaller());
  EXPECT_FALSE(admitted);
  return admitted ? Refusal{Reason::internal, "it was admitted", {}} : admitted.error();
}

TEST(WsdlMismatch, ASessionHeaderOfAnotherApiIsNamedWithWhatIsServed) {
  const Refusal refusal =
      refused(rules({partner()}), message(kEnterprise, "<query xmlns='" + kEnterprise + "'/>"));
  EXPECT_EQ(code(refusal.reason), "SFJ0305");
  EXPECT_THAT(
      refusal.message,
      AllOf(HasSubstr("Its namespace is urn:enterprise.soap.sforce.com (enterprise API); the WSDL of this "
                      "address is for urn:partner.soap.sforce.com (partner API 66.0, partner.wsdl). Send "),
            HasSubstr("SFJwtWsdl"), Not(HasSubstr("/etc/"))));
}

TEST(WsdlMismatch, AnOperationOfAnotherApiIsNamedWithAllThatIsServed) {
  const Refusal refusal =
      refused(rules({partner(), tooling()}), message(kPartner, "<query xmlns='" + kEnterprise + "'/>"));
  EXPECT_EQ(code(refusal.reason), "SFJ0307");
  EXPECT_THAT(
      refusal.message,
      HasSubstr("the WSDLs of this address are for urn:partner.soap.sforce.com (partner API 66.0, "
                "partner.wsdl), urn:tooling.soap.sforce.com (tooling API 64.0, tooling.wsdl). Send "));
}

TEST(WsdlMismatch, HeaderAndOperationOfDifferentWsdlsAreToldApart) {
  const Refusal refusal =
      refused(rules({partner(), tooling()}), message(kTooling, "<query xmlns='" + kPartner + "'/>"));
  EXPECT_EQ(code(refusal.reason), "SFJ0305");
  EXPECT_THAT(refusal.message,
              HasSubstr("Its namespace is urn:tooling.soap.sforce.com (tooling API), and the "
                        "operation is of urn:partner.soap.sforce.com (partner API 66.0, "
                        "partner.wsdl)"));
}

TEST(WsdlMismatch, AnOperationOfAnotherVersionIsToldWhichVersionIsServed) {
  const Refusal refusal =
      refused(rules({partner(), tooling()}), message(kPartner, "<findDuplicates xmlns='" + kPartner + "'/>"));
  EXPECT_EQ(code(refusal.reason), "SFJ0307");
  EXPECT_THAT(refusal.message, AllOf(HasSubstr("no such operation: findDuplicates. The namespace is right"),
                                     HasSubstr("partner API 66.0, partner.wsdl"), Not(HasSubstr("tooling"))));
}

TEST(WsdlMismatch, ANameInAnotherCaseIsSuggestedAndNothingElse) {
  const auto text = [](const std::string& name) {
    return refused(rules({partner()}), message(kPartner, "<" + name + " xmlns='" + kPartner + "'/>")).message;
  };
  EXPECT_THAT(text("Query"), HasSubstr("Names are case-sensitive: write query, as "));
  EXPECT_THAT(text("querry"), Not(HasSubstr("case-sensitive")));
}

TEST(WsdlMismatch, AnOperationWithoutNamespaceIsToldSo) {
  EXPECT_THAT(refused(rules({partner()}), message(kPartner, "<query xmlns=''/>")).message,
              HasSubstr("It is in no namespace; the WSDL of this address is for urn:partner"));
}

TEST(WsdlMismatch, NamesOfTheRequestAreEscapedAndCut) {
  const Refusal refusal = refused(
      rules({partner()}), message(kPartner, "<query xmlns='urn:&#10;\u00e4" + std::string(300, 'x') + "'/>"));
  EXPECT_THAT(refusal.message, AllOf(HasSubstr("urn:\\x0a\\xc3\\xa4xxx"), HasSubstr("xxx...;"),
                                     Not(HasSubstr("\n")), Not(HasSubstr(std::string(101, 'x')))));
}

TEST(WsdlMismatch, ASessionIdInThePlaceOfANamespaceIsNotRepeated) {
  EXPECT_THAT(
      refused(rules({partner()}), message(kPartner, "<query xmlns='00D000000000062!AQcAQH0d'/>")).message,
      AllOf(HasSubstr("Its namespace is not an absolute URI; "), Not(HasSubstr("AQcA"))));
}

TEST(WsdlMismatch, OfManyWsdlsAFewAreNamed) {
  std::vector<soap::Wsdl> wsdls;
  for (int i = 0; i < 10; ++i)
    wsdls.push_back(wsdl("urn:" + std::to_string(i), std::to_string(i) + ".wsdl", ""));
  EXPECT_THAT(refused(rules(wsdls), message(kPartner, "<query xmlns='" + kPartner + "'/>")).message,
              AllOf(HasSubstr("urn:7 (7.wsdl) and 2 more"), Not(HasSubstr("8.wsdl"))));
}

TEST(RefusedMessage, NamesOperationAndSubjectAsFarAsTheyWereRead) {
  const Rules served = rules({partner()});
  const Refusal unknown = refused(served, message(kPartner, "<querry xmlns='" + kPartner + "'/>"));
  EXPECT_EQ(unknown.operation + " " + unknown.subject, "querry jane@corp.example");
  const Refusal two = refused(served, message(kPartner, "<query xmlns='" + kPartner + "'/><x/>"));
  EXPECT_EQ(two.operation + " " + two.subject, "query jane@corp.example");
  const Refusal foreign = refused(served, message(kEnterprise, "<query xmlns='" + kPartner + "'/>"));
  EXPECT_EQ(foreign.operation + foreign.subject, "");
  const Refusal action = refused(served, message(kPartner, "<query xmlns='" + kPartner + "'/>"), "\"a b\"");
  EXPECT_EQ(action.subject, "jane@corp.example");
}

TEST(RefusedMessage, NeverNamesWhatIsNotAUser) {
  for (const std::string id :
       {"00D000000000062!AQcAQH0dMHZfz972Szmpkb58urFRkgeBGsxL_QJWwYMfAbUeeG7c1E6LYUfiDUkWe6",
        "00d1!token@corp.example", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "two@at@corp.example", ""})
    EXPECT_EQ(
        refused(rules({partner()}), message(kPartner, "<querry xmlns='" + kPartner + "'/>", id)).subject, "")
        << id;
}

TEST(RefusedMessage, NamesNoSessionIdWhereTheUserComesFromElsewhere) {
  Rules served = rules({partner()});
  served.subject_from_body = false;
  EXPECT_EQ(refused(served, message(kPartner, "<querry xmlns='" + kPartner + "'/>")).subject, "");
}

TEST(ApiName, TheVersionStandsInTheAddress) {
  const auto version = [](const std::string& address) {
    return api_version(wsdl(kPartner, "w", address), kSalesforce);
  };
  EXPECT_EQ(version("https://login.salesforce.com/services/Soap/u/66.0"), "66.0");
  EXPECT_EQ(version("https://login.salesforce.com/services/Soap/c/47.0/0DF0o0000000kWh"), "47.0");
  EXPECT_EQ(version("https://example.my.salesforce.com/services/Soap/class/Invoices"), "");
  EXPECT_EQ(version("https://login.salesforce.com/services/Soap/u"), "");
  EXPECT_EQ(version(""), "");
}

TEST(ApiName, OtherNamespacesHaveNone) {
  EXPECT_EQ(api_of_namespace("http://soap.sforce.com/schemas/class/Invoices", kSalesforce),
            "Apex class Invoices");
  EXPECT_EQ(api_of_namespace("http://soap.sforce.com/2006/04/metadata", kSalesforce), "metadata API");
  EXPECT_EQ(api_of_namespace("urn:x", kSalesforce), "");
  EXPECT_EQ(description_of(wsdl("urn:x", "/a/b.wsdl", ""), kSalesforce), "b.wsdl");
}

}  // namespace
}  // namespace sfjwt::gateway
