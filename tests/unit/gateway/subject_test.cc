// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/subject.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/gateway/fake_caller.h"

namespace sfjwt::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kJane = "jane@corp.example";

Reason refused(std::string_view text) {
  const auto subject = normal_subject(text);
  return subject ? Reason::internal : subject.error().reason;
}

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

TEST(NormalSubject, IsTrimmedOfXmlWhiteSpace) {
  EXPECT_EQ(normal_subject(" \r\n\tjane@corp.example\n ").value(), kJane);
}

TEST(NormalSubject, IsLowerCase) {
  EXPECT_EQ(normal_subject("Jane@CORP.Example").value(), kJane);
}

TEST(NormalSubject, KeepsEveryVisibleAsciiCharacter) {
  EXPECT_EQ(normal_subject("o'neil+x!\"#$%&\\~@corp.example.full").value(),
            "o'neil+x!\"#$%&\\~@corp.example.full");
}

TEST(NormalSubject, NothingIsNoSubject) {
  EXPECT_EQ(refused(""), Reason::subject_missing);
  EXPECT_EQ(refused(" \r\n\t"), Reason::subject_missing);
}

TEST(NormalSubject, NeedsExactlyOneAtWithSomethingOnBothSides) {
  for (const auto* text :
       {"jane", "@corp.example", "jane@", "@", "jane@corp@example", "jane@@corp.example"}) {
    EXPECT_EQ(refused(text), Reason::subject_malformed) << text;
  }
}

TEST(NormalSubject, WhiteSpaceInsideIsRefused) {
  for (const auto* text : {"jane doe@corp.example", "jane@corp.example\njoe", "jane\t@corp.example"}) {
    EXPECT_EQ(refused(text), Reason::subject_malformed) << text;
  }
}

TEST(NormalSubject, OnlyXmlWhiteSpaceIsTrimmed) {
  EXPECT_EQ(refused("jane@corp.example\v"), Reason::subject_malformed);
  EXPECT_EQ(refused("jane@corp.example\xC2\xA0"), Reason::subject_malformed);
}

TEST(NormalSubject, ControlAndNonAsciiBytesAreRefused) {
  EXPECT_EQ(refused(std::string_view("jane\0@corp.example", 18)), Reason::subject_malformed);
  EXPECT_EQ(refused("jane\x7f@corp.example"), Reason::subject_malformed);
  EXPECT_EQ(refused("j\xC3\xA4ne@corp.example"), Reason::subject_malformed);
  EXPECT_EQ(refused("j\xD0\xB0ne@corp.example"), Reason::subject_malformed);  // Cyrillic a
}

TEST(NormalSubject, MayHave255BytesAndNotOneMore) {
  const std::string longest = std::string(255 - kJane.size(), 'j') + std::string(kJane);
  EXPECT_TRUE(normal_subject(longest).has_value());
  EXPECT_EQ(refused("j" + longest), Reason::subject_malformed);
}

TEST(NormalSubject, ASessionIdIsRefusedWithWordsThatSayWhatBelongsThere) {
  for (const auto* text : {"00D000000000001!AQ0AQ.abc_123", "00d000000000001EAA!x@corp.example", "00D!"}) {
    const auto subject = normal_subject(text);
    ASSERT_FALSE(subject.has_value()) << text;
    EXPECT_EQ(subject.error().reason, Reason::subject_malformed);
    EXPECT_THAT(subject.error().message,
                HasSubstr("An e-mail belongs into SessionHeader/sessionId, not a session id"));
  }
}

TEST(NormalSubject, ALongSessionIdIsStillCalledASessionId) {
  const auto subject = normal_subject("00D000000000001!" + std::string(400, 'A'));
  EXPECT_THAT(subject.error().message, HasSubstr("not a session id"));
}

TEST(NormalSubject, AnExclamationMarkOrThePrefixAloneIsNoSessionId) {
  EXPECT_TRUE(normal_subject("jane!@corp.example").has_value());
  EXPECT_TRUE(normal_subject("00d@corp.example").has_value());
}

TEST(NormalSubject, NoMessageRepeatsWhatWasSent) {
  for (const auto* text :
       {"canary", "canary@a@b", "can ary@b", "00Dcanary!canary", "canary\x01@b", "canary@"}) {
    EXPECT_THAT(normal_subject(text).error().message, Not(HasSubstr("canary"))) << text;
  }
}

bool may_act(const std::vector<AllowRule>& rules, const Caller& caller, std::string_view user) {
  return !subject_refusal(rules, {}, caller, "query", user);
}

// Why not: any of its own reasons, internal if it may.
Reason refusal_of(const std::vector<AllowRule>& rules, const Caller& caller, std::string_view user) {
  const auto refusal = subject_refusal(rules, {}, caller, "query", user);
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

TEST(UserNamed, IsTheSubjectWithoutAMap) {
  EXPECT_EQ(user_named(" Jane@Corp.Example ", {}).value(), kJane);
}

TEST(UserNamed, IsWhatTheMapMakesOfTheSubjectInNormalForm) {
  EXPECT_EQ(user_named(" Jane@Corp.Example ", to_uat()).value(), "jane@corp.example.uat");
}

TEST(UserNamed, NeverFallsBackToASubjectTheMapDoesNotKnow) {
  for (const char* text : {"jane@other.example", "jane@corp.example.uat"})
    EXPECT_EQ(user_named(text, to_uat()).error().reason, Reason::subject_unmapped) << text;
}

TEST(UserNamed, WhatIsNoSubjectNeverReachesTheMap) {
  EXPECT_EQ(user_named("jane", to_uat()).error().reason, Reason::subject_malformed);
  EXPECT_EQ(user_named("", to_uat()).error().reason, Reason::subject_missing);
}

TEST(UserNamed, AMapThatMakesNoUserNameRefuses) {
  MapRule rule;
  rule.pattern = Pattern::compile(".*").value();
  rule.replacement = Replacement::compile("nobody", 0).value();
  EXPECT_EQ(user_named(kJane, {rule}).error().reason, Reason::subject_unmapped);
}

TEST(AllowedSubject, SameComparesWhatBothStandFor) {
  const std::vector<AllowRule> same = {rule(AllowRule::Kind::same)};
  const auto may = [&](std::string caller) {
    return !subject_refusal(same, to_uat(), caller_named(std::move(caller)), "query",
                            "jane@corp.example.uat");
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
                                       caller_named("ab@abababab"), "query", kJane);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, Reason::rule_undecided);
}

TEST(AllowedSubject, AnExpressionThatFailsEndsTheList) {
  const int expression = 0;
  FakeCaller caller;
  caller.evaluate = [](const void*, auto, auto) -> std::optional<bool> { return std::nullopt; };
  const AllowRule failing{AllowRule::Kind::expr, {}, {}, &expression, "/etc/x.conf:7"};
  const auto refusal = subject_refusal({failing, rule(AllowRule::Kind::any)}, {}, caller, "query", kJane);
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
