// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/policy.h"
#include "mod_sfjwt/gateway/salesforce.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/unit/gateway/fake_caller.h"

namespace sfjwt::gateway {
namespace {

const int kTrue = 1;
const int kFalse = 0;
const int kFails = -1;

// Expressions stand for what they give.
FakeCaller caller() {
  FakeCaller caller;
  caller.evaluate = [](const void* expression, auto, auto) -> std::optional<bool> {
    const int value = *static_cast<const int*>(expression);
    return value < 0 ? std::nullopt : std::optional(value != 0);
  };
  return caller;
}

bool allowed(const OperationRules& rules, std::string_view operation) {
  return !operation_refusal(rules, caller(), {operation, "a@b"});
}

TEST(OperationRules, WithoutLinesEverythingIsAllowed) {
  EXPECT_TRUE(allowed({}, "delete"));
}

TEST(OperationRules, OneAllowedOperationForbidsTheOthers) {
  const OperationRules rules{{{{"query", "queryMore"}, nullptr}}, {}};
  EXPECT_TRUE(allowed(rules, "queryMore"));
  EXPECT_FALSE(allowed(rules, "delete"));
}

TEST(OperationRules, NamesAreComparedWhollyAndWithCase) {
  const OperationRules rules{{{{"query"}, nullptr}}, {}};
  EXPECT_FALSE(allowed(rules, "queryMore"));
  EXPECT_FALSE(allowed(rules, "Query"));
  EXPECT_FALSE(allowed(rules, ""));
}

TEST(OperationRules, DenyWins) {
  const OperationRules rules{{{{"query", "delete"}, nullptr}}, {{{"delete"}, nullptr}}};
  EXPECT_TRUE(allowed(rules, "query"));
  EXPECT_FALSE(allowed(rules, "delete"));
}

TEST(OperationRules, ALineWithAnExpressionAppliesWhenItIsTrue) {
  EXPECT_TRUE(allowed({{{{"delete"}, &kTrue}}, {}}, "delete"));
  EXPECT_FALSE(allowed({{{{"delete"}, &kFalse}}, {}}, "delete"));
  EXPECT_FALSE(allowed({{}, {{{"delete"}, &kTrue}}}, "delete"));
  EXPECT_TRUE(allowed({{}, {{{"delete"}, &kFalse}}}, "delete"));
}

TEST(OperationRules, AnExpressionThatFailsRefusesWhereverItStands) {
  EXPECT_FALSE(allowed({{{{"delete"}, &kFails}}, {}}, "delete"));
  EXPECT_FALSE(allowed({{}, {{{"delete"}, &kFails}}}, "delete"));
}

TEST(OperationRules, AnExpressionThatFailsEndsTheList) {
  const OperationRules allow{{{{"query"}, &kFails, "/etc/x.conf:7"}, {{"query"}, nullptr}}, {}};
  const auto refusal = operation_refusal(allow, caller(), {"query", "a@b"});
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, Reason::rule_undecided);
  EXPECT_EQ(refusal->message.substr(0, 36), "SFJwtAllowOperation (/etc/x.conf:7) ");
}

TEST(OperationRules, ExpressionsOfOtherOperationsAreNotAsked) {
  FakeCaller asked;
  asked.evaluate = [](const void*, auto, auto) -> std::optional<bool> {
    ADD_FAILURE() << "asked";
    return true;
  };
  EXPECT_FALSE(operation_refusal({{}, {{{"delete"}, &kTrue}}}, asked, {"query", "a@b"}));
}

TEST(OperationRules, OneLineThatAppliesSuffices) {
  EXPECT_TRUE(allowed({{{{"query"}, &kFalse}, {{"query"}, &kTrue}}, {}}, "query"));
  EXPECT_FALSE(allowed({{}, {{{"query"}, &kFalse}, {{"query"}, nullptr}}}, "query"));
}

TEST(OperationRules, WhoCannotAskIsRefused) {
  EXPECT_TRUE(operation_refusal({{{{"query"}, &kTrue}}, {}}, FakeCaller(), {"query", "a@b"}));
  EXPECT_TRUE(operation_refusal({{}, {{{"query"}, &kFalse}}}, FakeCaller(), {"query", "a@b"}));
}

constexpr std::string_view kJane = "jane@corp.example";

Pattern pattern(std::string_view expression) {
  return Pattern::compile(expression).value();
}

FakeCaller caller_named(std::string user) {
  FakeCaller caller;
  caller.remote_user = std::move(user);
  return caller;
}

AllowRule rule(AllowRule::Kind kind) {
  return {kind, {}, {}, nullptr};
}
AllowRule match_rule(std::string_view subject) {
  return {AllowRule::Kind::match, {}, pattern(subject), nullptr};
}
AllowRule user_rule(std::string_view user, std::string_view subject) {
  return {AllowRule::Kind::user, pattern(user), pattern(subject), nullptr};
}

bool may_act(const std::vector<AllowRule>& rules, const Caller& caller, std::string_view user) {
  return !subject_refusal(rules, {}, kSalesforce, caller, {"query", user});
}

// Why not: any of its own reasons, internal if it may.
Reason refusal_of(const std::vector<AllowRule>& rules, const Caller& caller, std::string_view user) {
  const auto refusal = subject_refusal(rules, {}, kSalesforce, caller, {"query", user});
  return refusal ? refusal->reason : Reason::internal;
}

// With limits that no text of more than a few characters stays within.
Pattern undecided() {
  return Pattern::compile_untried("(a|b|@)+", {.steps = 3}).value();
}

std::vector<MapRule> to_uat() {
  MapRule rule;
  rule.pattern = Pattern::compile("(.+@corp\\.example)").value();
  rule.replacement = Replacement::compile("$1.UAT", 1).value();
  return {rule};
}

TEST(AllowedSubject, SameComparesWhatBothStandFor) {
  const std::vector<AllowRule> same = {rule(AllowRule::Kind::same)};
  const auto may = [&](std::string caller) {
    return !subject_refusal(same, to_uat(), kSalesforce, caller_named(std::move(caller)),
                            {"query", "jane@corp.example.uat"});
  };
  EXPECT_TRUE(may("Jane@corp.example"));
  EXPECT_FALSE(may("joe@corp.example"));
  EXPECT_FALSE(may("jane@corp.example.uat"));
}

TEST(AllowedSubject, APatternThatCannotBeEvaluatedEndsTheList) {
  const AllowRule match{AllowRule::Kind::match, {}, undecided(), nullptr};
  const AllowRule user{AllowRule::Kind::user, undecided(), pattern(".*"), nullptr};
  const AllowRule subject{AllowRule::Kind::user, pattern(".*"), undecided(), nullptr};
  for (const AllowRule& first : {match, user, subject})
    EXPECT_EQ(refusal_of({first, rule(AllowRule::Kind::any)}, caller_named("abababab"), "ab@abababab"),
              Reason::rule_undecided);
}

TEST(AllowedSubject, AMapThatCannotBeEvaluatedForTheCallerEndsTheList) {
  MapRule map;
  map.pattern = undecided();
  const auto refusal = subject_refusal({rule(AllowRule::Kind::same), rule(AllowRule::Kind::any)}, {map},
                                       kSalesforce, caller_named("ab@abababab"), {"query", kJane});
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, Reason::rule_undecided);
}

TEST(AllowedSubject, AnExpressionThatFailsEndsTheList) {
  const int expression = 0;
  FakeCaller caller;
  caller.evaluate = [](const void*, auto, auto) -> std::optional<bool> { return std::nullopt; };
  const AllowRule failing{AllowRule::Kind::expr, {}, {}, &expression, "/etc/x.conf:7"};
  const auto refusal =
      subject_refusal({failing, rule(AllowRule::Kind::any)}, {}, kSalesforce, caller, {"query", kJane});
  ASSERT_TRUE(refusal);
  EXPECT_EQ(
      refusal->message,
      "SFJwtAllowSubject (/etc/x.conf:7) could not be evaluated (the expression failed). The request is "
      "refused: it is not known whether the rule applies.");
}

TEST(AllowedSubject, ARuleBeforeTheOneThatCannotBeEvaluatedDecides) {
  const AllowRule match{AllowRule::Kind::match, {}, undecided(), nullptr};
  EXPECT_TRUE(may_act({rule(AllowRule::Kind::any), match}, FakeCaller(), "ab@abababab"));
}

TEST(AllowedSubject, AnExpressionThatFailsAllowsNothing) {
  const int expression = 0;
  FakeCaller caller;
  caller.evaluate = [](const void*, auto, auto) -> std::optional<bool> { return std::nullopt; };
  EXPECT_FALSE(may_act({{AllowRule::Kind::expr, {}, {}, &expression}}, caller, kJane));
}

TEST(AllowedSubject, WithoutAnyRuleNobodyMayActAsAnybody) {
  EXPECT_FALSE(may_act({}, caller_named("jane@corp.example"), kJane));
}

TEST(AllowedSubject, AnyLetsEveryCallerActAsEverybody) {
  EXPECT_TRUE(may_act({rule(AllowRule::Kind::any)}, FakeCaller(), kJane));
}

TEST(AllowedSubject, SameComparesTheRemoteUserInNormalForm) {
  EXPECT_TRUE(may_act({rule(AllowRule::Kind::same)}, caller_named(" Jane@Corp.Example"), kJane));
  EXPECT_FALSE(may_act({rule(AllowRule::Kind::same)}, caller_named("joe@corp.example"), kJane));
}

TEST(AllowedSubject, SameWithoutAnAuthenticatedUserIsNo) {
  EXPECT_FALSE(may_act({rule(AllowRule::Kind::same)}, FakeCaller(), kJane));
  EXPECT_FALSE(may_act({rule(AllowRule::Kind::same)}, caller_named(""), kJane));
  EXPECT_FALSE(may_act({rule(AllowRule::Kind::same)}, caller_named(""), ""));
}

TEST(AllowedSubject, SameWithARemoteUserThatIsNoSubjectIsNo) {
  EXPECT_FALSE(may_act({rule(AllowRule::Kind::same)}, caller_named("jane"), "jane"));
}

TEST(AllowedSubject, MatchLooksAtTheWholeSubject) {
  EXPECT_TRUE(may_act({match_rule(".*@corp\\.example")}, FakeCaller(), kJane));
  EXPECT_FALSE(
      may_act({match_rule(".*@corp\\.example")}, FakeCaller(), "jane@corp.example.attacker.example"));
}

TEST(AllowedSubject, UserNeedsBothPatternsToMatchWholly) {
  const std::vector<AllowRule> rules = {user_rule("erp|crm", ".*@corp\\.example")};
  EXPECT_TRUE(may_act(rules, caller_named("erp"), kJane));
  EXPECT_FALSE(may_act(rules, caller_named("erp2"), kJane));
  EXPECT_FALSE(may_act(rules, caller_named("erp"), "jane@unit.example"));
}

TEST(AllowedSubject, UserWithoutAnAuthenticatedUserIsNoWhateverThePattern) {
  EXPECT_FALSE(may_act({user_rule(".*", ".*")}, FakeCaller(), kJane));
  EXPECT_FALSE(may_act({user_rule(".*", ".*")}, caller_named(""), kJane));
}

TEST(AllowedSubject, ExprAsksTheServerForThatVeryExpression) {
  const int yes = 0;
  const int no = 0;
  FakeCaller caller;
  caller.evaluate = [&yes](const void* expression, auto, auto) -> std::optional<bool> {
    return expression == &yes;
  };
  EXPECT_TRUE(may_act({{AllowRule::Kind::expr, {}, {}, &yes}}, caller, kJane));
  EXPECT_FALSE(may_act({{AllowRule::Kind::expr, {}, {}, &no}}, caller, kJane));
}

TEST(AllowedSubject, ExprThatNobodyCanEvaluateIsNo) {
  const int expression = 0;
  EXPECT_FALSE(may_act({{AllowRule::Kind::expr, {}, {}, &expression}}, FakeCaller(), kJane));
}

TEST(AllowedSubject, ARuleWithoutItsPatternAllowsNothing) {
  EXPECT_FALSE(may_act({rule(AllowRule::Kind::match)}, FakeCaller(), kJane));
  EXPECT_FALSE(may_act({rule(AllowRule::Kind::user)}, caller_named("erp"), kJane));
  EXPECT_FALSE(may_act({rule(AllowRule::Kind::expr)}, FakeCaller(), kJane));
}

TEST(AllowedSubject, OneRuleOfSeveralSuffices) {
  const std::vector<AllowRule> rules = {rule(AllowRule::Kind::same), match_rule("service@corp\\.example")};
  EXPECT_TRUE(may_act(rules, caller_named("jane@corp.example"), kJane));
  EXPECT_TRUE(may_act(rules, caller_named("jane@corp.example"), "service@corp.example"));
  EXPECT_FALSE(may_act(rules, caller_named("jane@corp.example"), "joe@corp.example"));
}

}  // namespace
}  // namespace sfjwt::gateway
