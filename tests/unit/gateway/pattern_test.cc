// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sfjwt::gateway {
namespace {

bool matches(std::string_view expression, std::string_view text) {
  return Pattern::compile(expression).value().match(text).result == Match::Result::matched;
}

Match::Result limited(std::string_view expression, std::string_view text, const MatchLimits& limits) {
  return Pattern::compile_untried(expression, limits).value().match(text).result;
}

std::string refusal(std::string_view expression) {
  const auto pattern = Pattern::compile(expression);
  return pattern ? "(accepted)" : pattern.error();
}

TEST(Pattern, MatchesAWholeText) {
  EXPECT_TRUE(matches(".*@corp\\.example", "jane@corp.example"));
}

TEST(Pattern, APartOfTheTextIsNoMatch) {
  EXPECT_FALSE(matches("corp\\.example", "jane@corp.example"));
  EXPECT_FALSE(matches("jane", "jane@corp.example"));
  EXPECT_FALSE(matches(".*@corp\\.example", "jane@corp.example.attacker.example"));
}

TEST(Pattern, EveryAlternativeMustMatchTheWholeText) {
  EXPECT_FALSE(matches("jane|jo", "jane@corp.example"));
  EXPECT_FALSE(matches("x|corp\\.example", "jane@corp.example"));
  EXPECT_TRUE(matches("a|ab", "ab"));
}

TEST(Pattern, ADollarDoesNotLetATrailingLineFeedPass) {
  EXPECT_FALSE(matches("^jane@corp\\.example$", "jane@corp.example\n"));
  EXPECT_FALSE(matches("(?m)^jane@corp\\.example$", "x\njane@corp.example"));
}

TEST(Pattern, IgnoresTheCaseOfLetters) {
  EXPECT_TRUE(matches("JANE@corp\\.example", "jane@Corp.Example"));
}

TEST(Pattern, TheVerbAcceptDoesNotEndAMatchEarly) {
  EXPECT_FALSE(matches("jane(*ACCEPT)", "jane@corp.example"));
}

TEST(Pattern, AResetOfTheStartDoesNotMakeAPartAWhole) {
  EXPECT_FALSE(matches("jane\\K", "jane@corp.example"));
}

TEST(Pattern, AnEmptyExpressionMatchesTheEmptyTextOnly) {
  EXPECT_TRUE(matches("", ""));
  EXPECT_TRUE(matches("", std::string_view()));
  EXPECT_FALSE(matches("", "x"));
}

TEST(Pattern, ATextThatIsNotUtf8IsMatchedAsBytes) {
  EXPECT_TRUE(matches(".\\xff", "a\xff"));
  EXPECT_FALSE(matches("a", "a\xff"));
}

TEST(Pattern, ANulByteIsAByteLikeAnyOther) {
  EXPECT_FALSE(matches("jane", std::string_view("jane\0x", 6)));
}

TEST(Pattern, AnExpressionThatDoesNotCompileSaysWhyAndWhere) {
  const auto pattern = Pattern::compile("jane(");
  ASSERT_FALSE(pattern.has_value());
  EXPECT_EQ(pattern.error(), "missing closing parenthesis at offset 5");
}

TEST(Pattern, AnExpressionCannotSwitchToUtf) {
  EXPECT_FALSE(Pattern::compile("(*UTF)jane").has_value());
}

TEST(Pattern, AMatchThatReachesTheLimitOfStepsIsAnError) {
  EXPECT_EQ(limited("(a+)+@", std::string(200, 'a') + "!@", {.steps = 1000}), Match::Result::error);
  EXPECT_EQ(limited("(a+)+@", std::string(200, 'a') + "!@", {}), Match::Result::error);
}

TEST(Pattern, AMatchThatReachesTheLimitOfMemoryIsAnError) {
  EXPECT_EQ(limited("(a|b)*", std::string(20'000, 'a'), {.heap_kib = 1}), Match::Result::error);
  EXPECT_EQ(limited("(a|b)*", std::string(200, 'a'), {}), Match::Result::matched);
}

TEST(Pattern, AnErrorSaysWhichLimitWasReached) {
  const auto pattern = Pattern::compile_untried("(a+)+@", {.steps = 1000}).value();
  EXPECT_EQ(pattern.match(std::string(200, 'a') + "!@").error, "match limit exceeded");
}

TEST(Pattern, AnExpressionThatCanReachTheLimitsWith255BytesIsRefused) {
  for (const char* expression :
       {R"((\w+\.?)+@(uat|corp)\.example\.uat|.+@corp\.example)", R"(.*.*.*.*@ext\.example|.+@corp\.example)",
        "(a+)+@", "(a|aa)*b", R"((svc|bot)-(\w+-?)+@corp\.example)", "(foo|fo|o)+x", "((a*)*)*b@c",
        R"(jane@(.+\.)+corp\.example)", R"(integration-service-(\w+-?)+@corp\.example)", "([b-d]+)*x"})
    EXPECT_THAT(refusal(expression), testing::HasSubstr("names of 255 characters")) << expression;
}

TEST(Pattern, AnExpressionThatStaysFarFromTheLimitsIsAccepted) {
  for (const char* expression :
       {"(.*)", R"((.+)@(corp|unit)\.example)", R"(([a-z]+)\.([a-z]+)@corp\.example)",
        R"((\w+\.)*\w+@corp\.example)", R"(.*\..*@.*\.corp\.example)", R"(.+@(.+\.)?corp\.example)",
        R"([\w.+-]+@[\w-]+(\.[\w-]+)*\.example)", R"(.*(sales|service|support).*@.*(corp|unit).*)",
        R"([^@.]+(\.[^@.]+)*@(uat|corp)\.example)", "cn=.*,ou=.*,o=.*,c=.*", "(?!admin).*@corp\\.example"})
    EXPECT_EQ(refusal(expression), "(accepted)") << expression;
}

TEST(Pattern, CopiesOutliveTheirOriginal) {
  auto original = std::make_unique<Pattern>(Pattern::compile("jane@.*").value());
  const Pattern copy = *original;
  original.reset();
  EXPECT_EQ(copy.match("jane@corp.example").result, Match::Result::matched);
}

TEST(Pattern, OnePatternServesSeveralThreadsAtOnce) {
  const Pattern pattern = Pattern::compile("([a-z]+)@(corp|unit)\\.example").value();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&pattern, &wrong] {
      for (int i = 0; i < 2000; ++i) {
        if (pattern.match("jane@corp.example").result != Match::Result::matched) ++wrong;
        if (pattern.match("jane@corp.example2").result != Match::Result::no_match) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace sfjwt::gateway
