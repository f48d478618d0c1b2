// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/exception_code.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "mod_sfjwt/gateway/salesforce.h"

namespace sfjwt::gateway {
namespace {

soap::FaultDetail fault(const std::string& space, const std::string& name, std::vector<std::string> codes) {
  return {
      {space, name}, {space, name}, {space, "exceptionCode"}, {space, "exceptionMessage"}, std::move(codes)};
}

// A WSDL with an operation `ask` that declares the first of its faults.
soap::Wsdl wsdl(const std::string& api, std::vector<soap::FaultDetail> faults) {
  soap::Wsdl wsdl;
  wsdl.file = api + ".wsdl";
  wsdl.target_namespace = "urn:" + api;
  wsdl.soap11 = true;
  soap::Operation operation;
  operation.name = "ask";
  operation.input = {wsdl.target_namespace, "ask"};
  if (!faults.empty()) operation.faults = {faults.front().element};
  wsdl.operations = {operation};
  wsdl.fault_details = std::move(faults);
  return wsdl;
}

std::shared_ptr<const soap::Catalog> catalog(std::vector<soap::Wsdl> wsdls) {
  return soap::Catalog::build(std::move(wsdls), gateway::kSalesforce.names, schema::Mode::structure).value();
}

const std::vector<std::string> kCodes = {"INSUFFICIENT_ACCESS", "INVALID_SESSION_ID", "UNKNOWN_EXCEPTION"};

TEST(TypedDetail, TakesTheCodeThatComesNearest) {
  const auto one = catalog({wsdl("a", {fault("urn:f", "F", kCodes)})});
  const auto detail = typed_detail(Reason::subject_not_allowed, *one, &one->operations()[0], "", kSalesforce);
  ASSERT_TRUE(detail);
  EXPECT_EQ(detail->exception_code, "INSUFFICIENT_ACCESS");
  EXPECT_EQ(detail->declared.element.local_name, "F");
}

TEST(TypedDetail, IsAnUnknownExceptionWhereTheListHasNoBetter) {
  const auto one = catalog({wsdl("a", {fault("urn:f", "F", kCodes)})});
  EXPECT_EQ(typed_detail(Reason::invalid, *one, nullptr, "", kSalesforce)->exception_code,
            "UNKNOWN_EXCEPTION");
}

TEST(TypedDetail, IsNothingWhereTheListHasOnlyCodesThatSaySomethingElse) {
  const auto one = catalog({wsdl("a", {fault("urn:f", "F", {"INVALID_SESSION_ID"})})});
  EXPECT_FALSE(typed_detail(Reason::invalid, *one, nullptr, "", kSalesforce));
}

TEST(TypedDetail, NeverAsksAClientToLogInAgain) {
  const auto one = catalog({wsdl("a", {fault("urn:f", "F", {})})});
  for (int i = 0; i <= static_cast<int>(Reason::internal); ++i) {
    const auto detail = typed_detail(static_cast<Reason>(i), *one, nullptr, "", kSalesforce);
    if (static_cast<Reason>(i) == Reason::handle_not_valid) continue;  // there it is meant
    EXPECT_NE(detail ? detail->exception_code : "", "INVALID_SESSION_ID") << i;
  }
}

TEST(TypedDetail, PrefersAFaultOfTheOperation) {
  const auto one =
      catalog({wsdl("a", {fault("urn:f", "F", kCodes), fault("urn:f", "UnexpectedErrorFault", kCodes)})});
  const auto element = [&](const soap::CatalogOperation* operation) {
    return typed_detail(Reason::invalid, *one, operation, "", kSalesforce)->declared.element.local_name;
  };
  EXPECT_EQ(element(&one->operations()[0]), "F");
  EXPECT_EQ(element(nullptr), "UnexpectedErrorFault");
}

TEST(TypedDetail, IsNothingWhereTheWsdlDeclaresNoFault) {
  const auto none = catalog({wsdl("a", {})});
  EXPECT_FALSE(typed_detail(Reason::invalid, *none, &none->operations()[0], "", kSalesforce));
}

TEST(TypedDetail, OfSeveralWsdlsIsThatOfTheOneTheBodyNames) {
  const auto two =
      catalog({wsdl("a", {fault("urn:fa", "F", kCodes)}), wsdl("b", {fault("urn:fb", "F", kCodes)})});
  const auto space = [&](std::string_view body) {
    const auto detail = typed_detail(Reason::invalid, *two, nullptr, body, kSalesforce);
    return detail ? detail->declared.element.namespace_uri : "nothing";
  };
  EXPECT_EQ(space("<x xmlns=\"urn:b\"/>"), "urn:fb");
  EXPECT_EQ(space("<x xmlns='urn:a'/>"), "urn:fa");
  EXPECT_EQ(space("<x/>"), "nothing");
}

TEST(TypedDetail, IsNothingForTheFaultCodesThatSoapHasForEnvelopesAndHeaderBlocks) {
  const auto one = catalog({wsdl("a", {fault("urn:f", "F", kCodes)})});
  EXPECT_FALSE(typed_detail(Reason::version_mismatch, *one, nullptr, "", kSalesforce));
  EXPECT_FALSE(typed_detail(Reason::must_understand, *one, nullptr, "", kSalesforce));
}

}  // namespace
}  // namespace sfjwt::gateway
