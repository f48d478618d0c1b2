// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/soap_action.h"

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>

#include "mod_sfjwt/gateway/salesforce.h"

namespace sfjwt::gateway {

void PrintTo(ActionVerdict verdict, std::ostream* out) {
  *out << static_cast<int>(verdict);
}

namespace {

constexpr const char* kApi = "urn:partner.soap.sforce.com";

std::shared_ptr<const soap::Catalog> catalog() {
  soap::Wsdl wsdl;
  wsdl.file = "partner.wsdl";
  wsdl.soap11 = true;
  wsdl.session_header = {kApi, "SessionHeader"};
  wsdl.namespaces = {kApi};
  wsdl.operations = {{"query", {kApi, "query"}, {}, {wsdl.session_header}, {}, "urn:callouts/Query;1"},
                     {"queryMore", {kApi, "queryMore"}, {}, {wsdl.session_header}, {}, ""},
                     {"delete", {kApi, "delete"}, {}, {wsdl.session_header}, {}, "urn:callouts/3"}};
  return soap::Catalog::build({wsdl}, gateway::kSalesforce.names, schema::Mode::structure).value();
}

ActionVerdict of_query(const std::string& action) {
  const auto all = catalog();
  return judge_action(action, *all, *all->operation_named("query"));
}

TEST(SoapAction, AgreesWhenItNamesNothing) {
  for (const char* action : {"", " ", "\"\"", "''", "\t\"\" ", "unknown", "\"urn:x/unknown\"", "\"#\"", "/",
                             "\"http://soap.sforce.com/schemas/class/Billing\""})
    EXPECT_EQ(of_query(action), ActionVerdict::agrees) << action;
}

TEST(SoapAction, AgreesWhenItNamesTheOperationOfTheBody) {
  for (const char* action : {"query", "\"query\"", " \"query\"\t", "\"urn:partner.soap.sforce.com#query\"",
                             "urn:x:query", "\"urn:x/query/\"", "Query"})
    EXPECT_EQ(of_query(action), ActionVerdict::agrees) << action;
}

TEST(SoapAction, AgreesWhenItIsWhatTheWsdlDeclares) {
  EXPECT_EQ(of_query("\"urn:callouts/Query;1\""), ActionVerdict::agrees);
}

TEST(SoapAction, NamesAnotherOperationWhereverItsNameStands) {
  for (const char* action : {"delete", "\"delete\"", "DELETE", "\"urn:partner.soap.sforce.com/delete\"",
                             "urn:x#delete", "urn:x:delete", "\"x/delete/\"", "\"delete/\"", "delete#",
                             "delete?x", "delete?query", "\"urn:delete/query\"", "x.delete", "delete()",
                             "(delete)", "=delete", "//delete//", "delete.", "urn:x/queryMore"})
    EXPECT_EQ(of_query(action), ActionVerdict::names_other) << action;
}

TEST(SoapAction, NamesAnotherOperationByWhatTheWsdlDeclaresForIt) {
  EXPECT_EQ(of_query("\"urn:callouts/3\""), ActionVerdict::names_other);
}

TEST(SoapAction, IsUnreadableWhenItIsNotOnePlainUri) {
  for (const char* action : {"\"\", \"delete\"",
                             "\"\",\"\"",
                             "\"query\", \"query\"",
                             "query, query",
                             ",",
                             "'delete'",
                             "'query'",
                             "delete;",
                             "query;",
                             "\"query",
                             "query\"",
                             "\"\"query\"\"",
                             "\"que\"ry\"",
                             "\"\\\"query\"",
                             "%64elete",
                             "a b",
                             "\" query \"",
                             "<query>",
                             "query\x01",
                             "qu\xc3\xa9ry",
                             "\"",
                             "'",
                             "\"'\""})
    EXPECT_EQ(of_query(action), ActionVerdict::unreadable) << action;
  EXPECT_EQ(of_query("query" + std::string(1024, '/')), ActionVerdict::unreadable);
}

}  // namespace
}  // namespace sfjwt::gateway
