// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/gateway.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "mod_sfjwt/gateway/salesforce.h"
#include "tests/unit/gateway/fake_caller.h"

namespace sfjwt::gateway {
namespace {

using namespace std::string_literals;

constexpr const char* kApi = "urn:partner.soap.sforce.com";
constexpr const char* kEnvelope = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr const char* kToken = "00D!tok<&>en";
constexpr const char* kEscapedToken = "00D!tok&lt;&amp;&gt;en";

soap::Wsdl partner(bool qualified = true) {
  soap::Wsdl wsdl;
  wsdl.file = "partner.wsdl";
  wsdl.soap11 = true;
  wsdl.session_header = {kApi, "SessionHeader"};
  wsdl.session_id = {qualified ? kApi : "", "sessionId"};
  wsdl.namespaces = {kApi};
  wsdl.operations = {{"login", {kApi, "login"}, {kApi, "loginResponse"}, {}, {}, ""},
                     {"query", {kApi, "query"}, {kApi, "queryResponse"}, {wsdl.session_header}, {}, ""},
                     {"logout", {kApi, "logout"}, {kApi, "logoutResponse"}, {wsdl.session_header}, {}, ""}};
  return wsdl;
}

Rules rules(bool from_body = true, bool qualified = true) {
  Rules rules;
  rules.backend = &kSalesforce;
  rules.catalog =
      soap::Catalog::build({partner(qualified)}, gateway::kSalesforce.names, schema::Mode::tolerant).value();
  rules.subject_from_body = from_body;
  rules.allow.push_back({AllowRule::Kind::any, {}, {}, nullptr});
  return rules;
}

std::string document(const std::string& header, const std::string& body = "<p:query/>") {
  return "<e:Envelope xmlns:e='"s + kEnvelope + "' xmlns:p='" + kApi +
         "' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>" + header + "<e:Body>" + body +
         "</e:Body></e:Envelope>";
}
std::string with_session(const std::string& session_id) {
  return document("<e:Header><p:SessionHeader>" + session_id + "</p:SessionHeader></e:Header>");
}

Result<Admitted, Refusal> admitted(const std::string& body, const Rules& rules,
                                   const Caller& caller = FakeCaller(), std::string_view action = "\"\"") {
  return admit(body, {{soap::SoapVersion::v1_1, {}}, action}, rules, caller);
}

std::string rewritten(const std::string& body, const Rules& rules) {
  const auto envelope = soap::read_envelope(body, *rules.catalog, {});
  EXPECT_TRUE(envelope) << envelope.error().message;
  const RewrittenBody pieces(body, *envelope, Secret(kToken));
  std::string all;
  for (const auto piece : pieces.pieces()) all += piece;
  EXPECT_EQ(all.size(), pieces.size());
  return all;
}

void expect_refused(const std::string& body, const Rules& rules, Reason reason,
                    const Caller& caller = FakeCaller(), std::string_view action = "") {
  const auto result = admitted(body, rules, caller, action);
  ASSERT_FALSE(result);
  EXPECT_EQ(static_cast<int>(result.error().reason), static_cast<int>(reason)) << result.error().message;
}

TEST(RewrittenBody, OnlyTheContentOfSessionIdChanges) {
  const Rules fixed = rules();
  for (const std::string content :
       {"jane@corp.example", "", "a&#64;b", "<![CDATA[a@b]]>", " a@<!-- c -->b\r\n"}) {
    EXPECT_EQ(rewritten(with_session("<p:sessionId xsi:type=\"p:x\">" + content + "</p:sessionId >"), fixed),
              with_session("<p:sessionId xsi:type=\"p:x\">"s + kEscapedToken + "</p:sessionId >"));
  }
}

TEST(RewrittenBody, OpensASelfClosedSessionId) {
  EXPECT_EQ(rewritten(with_session("<p:sessionId k='1' />"), rules()),
            with_session("<p:sessionId k='1' >"s + kEscapedToken + "</p:sessionId>"));
}

TEST(RewrittenBody, TakesNilAwayFromAFilledSessionId) {
  EXPECT_EQ(rewritten(with_session("<p:sessionId xsi:nil='true' k='1'/>"), rules()),
            with_session("<p:sessionId k='1'>"s + kEscapedToken + "</p:sessionId>"));
}

const std::string kInserted =
    "<SessionHeader xmlns=\""s + kApi + "\"><sessionId>" + kEscapedToken + "</sessionId></SessionHeader>";

TEST(RewrittenBody, InsertsASessionHeaderAsTheFirstBlock) {
  const Rules fixed = rules();
  EXPECT_EQ(rewritten(document("<e:Header><p:Other/></e:Header>"), fixed),
            document("<e:Header>" + kInserted + "<p:Other/></e:Header>"));
  EXPECT_EQ(rewritten(document("<e:Header />"), fixed), document("<e:Header >" + kInserted + "</e:Header>"));
  EXPECT_EQ(rewritten(document(""), fixed),
            document("<Header xmlns=\""s + kEnvelope + "\">" + kInserted + "</Header>"));
}

TEST(RewrittenBody, InsertsSessionIdUnqualifiedWhereTheSchemaSaysSo) {
  EXPECT_NE(rewritten(document("<e:Header/>"), rules(true, false)).find("<sessionId xmlns=\"\">"),
            std::string::npos);
}

TEST(RewrittenBody, WhatIsInsertedIsAcceptedAgain) {
  const Rules fixed = rules();
  for (const std::string header : {"", "<e:Header/>", "<e:Header></e:Header>"}) {
    const std::string body = rewritten(document(header), fixed);
    const auto envelope = soap::read_envelope(body, *fixed.catalog, {});
    ASSERT_TRUE(envelope) << body << envelope.error().message;
    EXPECT_EQ(soap::session_id(body, envelope->session), kToken);
  }
}

TEST(Admit, TellsOperationAndNormalSubject) {
  const std::string body = with_session("<p:sessionId> Jane@Corp.Example\n</p:sessionId>");
  const Rules fixed = rules();
  const auto result = admitted(body, fixed);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->envelope.operation->name, "query");
  EXPECT_EQ(result->subject, "jane@corp.example");
}

TEST(Admit, ConditionsReadOperationAndSubject) {
  Rules judged = rules();
  std::string seen;
  FakeCaller caller;
  caller.evaluate = [&seen](const void*, std::string_view operation, std::string_view subject) {
    seen.append(operation).append(":").append(subject).append(";");
    return std::optional(true);
  };
  judged.allow = {{AllowRule::Kind::expr, {}, {}, &seen}};
  judged.operations.allow = {{{"query"}, &seen}};
  EXPECT_TRUE(admit(with_session("<p:sessionId>A@b</p:sessionId>"), {}, judged, caller));
  EXPECT_EQ(seen, "query:a@b;query:a@b;");
}

TEST(Admit, ARefusalNamesOperationAndSubjectAsFarAsTheyAreKnown) {
  const auto named = [](const std::string& body, const Rules& rules) {
    const auto refusal = admitted(body, rules).error();
    return (refusal.served ? refusal.served->name : "?") + " " + refusal.operation + " " + refusal.subject;
  };
  Rules denying = rules();
  denying.operations.deny = {{{"query"}, nullptr}};
  const std::string body = with_session("<p:sessionId>a@b</p:sessionId>");
  EXPECT_EQ(named(body, denying), "query query a@b");
  Rules guarding = rules();
  guarding.allow.clear();
  EXPECT_EQ(named(body, guarding), "query query a@b");
  EXPECT_EQ(named(document(""), rules()), "query query ");
  EXPECT_EQ(named(document("", "<p:login/>"), rules()), "login login ");
}

TEST(Admit, TheSubjectIsTheUserTheMapNames) {
  Rules mapping = rules();
  MapRule rule;
  rule.pattern = Pattern::compile("a@b").value();
  rule.replacement = Replacement::compile("c@d", 0).value();
  mapping.map = {rule};
  const auto result = admitted(with_session("<p:sessionId>A@b</p:sessionId>"), mapping);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->subject, "c@d");
  expect_refused(with_session("<p:sessionId>c@d</p:sessionId>"), mapping, Reason::subject_unmapped);
}

TEST(Admit, RefusesAnOperationTheCallerMayNotUse) {
  Rules denying = rules();
  denying.operations.deny = {{{"query"}, nullptr}};
  expect_refused(with_session("<p:sessionId>a@b</p:sessionId>"), denying, Reason::operation_not_allowed);
}

TEST(Admit, RefusesARequestWithoutSubject) {
  for (const std::string session_id :
       {"<p:sessionId/>", "<p:sessionId> </p:sessionId>", "<p:sessionId xsi:nil='1'/>"}) {
    expect_refused(with_session(session_id), rules(), Reason::subject_missing);
  }
  expect_refused(document(""), rules(), Reason::subject_missing);
}

TEST(Admit, NeverFallsBackFromAnEmptyExpressionToTheBody) {
  const std::string body = with_session("<p:sessionId>a@b</p:sessionId>");
  expect_refused(body, rules(false), Reason::subject_missing);
  FakeCaller empty;
  empty.expressed_subject = " ";
  expect_refused(body, rules(false), Reason::subject_missing, empty);
}

TEST(Admit, TheExpressionReplacesWhateverTheBodySays) {
  FakeCaller caller;
  caller.expressed_subject = "real@corp.example";
  const Rules fixed = rules(false);
  EXPECT_EQ(admitted(with_session("<p:sessionId>00D!x</p:sessionId>"), fixed, caller)->subject,
            "real@corp.example");
  EXPECT_EQ(admitted(document(""), fixed, caller)->subject, "real@corp.example");
}

TEST(Admit, RefusesWithoutAMatchingRule) {
  Rules none = rules();
  none.allow.clear();
  expect_refused(with_session("<p:sessionId>a@b</p:sessionId>"), none, Reason::subject_not_allowed);
}

TEST(Admit, RefusesOperationsThatTakeNoSession) {
  expect_refused(document("", "<p:login/>"), rules(), Reason::no_session);
  FakeCaller caller;
  caller.expressed_subject = "real@corp.example";
  expect_refused(document("", "<p:login/>"), rules(false), Reason::no_session, caller);
}

TEST(Admit, RefusesASoapActionThatNamesAnotherOperation) {
  const std::string body = with_session("<p:sessionId>a@b</p:sessionId>");
  for (const char* action : {"", "\"\"", "query", "\"query\"", "\"urn:partner.soap.sforce.com#query\"",
                             "\"urn:x/unknown\"", "unknown"}) {
    EXPECT_TRUE(admitted(body, rules(), FakeCaller(), action)) << action;
  }
  for (const char* action :
       {"logout", "\"logout\"", "\"urn:partner.soap.sforce.com/logout\"", "urn:x#login", "urn:x:logout"}) {
    expect_refused(body, rules(), Reason::soap_action_mismatch, FakeCaller(), action);
  }
}

TEST(Admit, RefusesASoapActionThatCanBeReadInSeveralWays) {
  const std::string body = with_session("<p:sessionId>a@b</p:sessionId>");
  for (const char* action :
       {"\"\", \"logout\"", "'logout'", "logout;", "\"x/logout/\"", "\"query\", \"query\""})
    expect_refused(body, rules(), Reason::soap_action_mismatch, FakeCaller(), action);
}

Result<Admitted, Refusal> admitted_as(const char* content_type, const std::string& body) {
  soap::Wsdl wsdl = partner();
  wsdl.soap12 = true;
  Rules both = rules();
  both.catalog = soap::Catalog::build({wsdl}, gateway::kSalesforce.names, schema::Mode::tolerant).value();
  return admit(body, {*media_type(content_type), ""}, both, FakeCaller());
}

std::string as_soap12(std::string body) {
  return body.replace(body.find(kEnvelope), std::string_view(kEnvelope).size(),
                      "http://www.w3.org/2003/05/soap-envelope");
}

TEST(Admit, JudgesTheActionOfAMediaTypeOfSoap12AsSoapAction) {
  const std::string body = as_soap12(with_session("<p:sessionId>a@b</p:sessionId>"));
  for (const char* parameter :
       {"", "; action=\"\"", "; action=\"urn:x/query\"; charset=utf-8", "; action=query"})
    EXPECT_TRUE(admitted_as(("application/soap+xml"s + parameter).c_str(), body)) << parameter;
  for (const char* parameter : {"; action=\"urn:x/logout\"", "; action=logout", "; action=\"query,logout\"",
                                "; charset=utf-8;ACTION = \"logout\"", "; action*=utf-8''logout"}) {
    const auto result = admitted_as(("application/soap+xml"s + parameter).c_str(), body);
    ASSERT_FALSE(result) << parameter;
    EXPECT_EQ(result.error().reason, Reason::soap_action_mismatch) << parameter;
  }
}

TEST(Admit, RefusesTheMediaTypeOfSoap12AroundAnEnvelopeOfSoap11) {
  const std::string body = with_session("<p:sessionId>a@b</p:sessionId>");
  const auto bare = admitted_as("application/soap+xml", body);
  ASSERT_FALSE(bare);
  EXPECT_EQ(bare.error().reason, Reason::unsupported_media_type);
  for (const char* type : {"application/soap+xml; action=\"\"", "application/soap+xml; action=\"query\"",
                           "text/xml; action=\"query\"", "text/xml; action=\"\""}) {
    const auto result = admitted_as(type, body);
    ASSERT_FALSE(result) << type;
    EXPECT_EQ(result.error().reason, Reason::soap_action_mismatch) << type;
  }
}

}  // namespace
}  // namespace sfjwt::gateway
