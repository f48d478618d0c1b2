// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/policy.h"

#include <gtest/gtest.h>

#include <optional>

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
  return !operation_refusal(rules, caller(), operation, "a@b");
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
  const auto refusal = operation_refusal(allow, caller(), "query", "a@b");
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
  EXPECT_FALSE(operation_refusal({{}, {{{"delete"}, &kTrue}}}, asked, "query", "a@b"));
}

TEST(OperationRules, OneLineThatAppliesSuffices) {
  EXPECT_TRUE(allowed({{{{"query"}, &kFalse}, {{"query"}, &kTrue}}, {}}, "query"));
  EXPECT_FALSE(allowed({{}, {{{"query"}, &kFalse}, {{"query"}, nullptr}}}, "query"));
}

TEST(OperationRules, WhoCannotAskIsRefused) {
  EXPECT_TRUE(operation_refusal({{{{"query"}, &kTrue}}, {}}, FakeCaller(), "query", "a@b"));
  EXPECT_TRUE(operation_refusal({{}, {{{"query"}, &kFalse}}}, FakeCaller(), "query", "a@b"));
}

}  // namespace
}  // namespace sfjwt::gateway
