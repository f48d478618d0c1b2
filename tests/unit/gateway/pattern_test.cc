// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/pattern.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sfjwt::gateway {
namespace {

bool matches(std::string_view expression, std::string_view text) {
  return Pattern::compile(expression).value().matches(text);
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

TEST(Pattern, BacktrackingWithoutEndIsCutOffAndAnswersNo) {
  EXPECT_FALSE(matches("(a+)+@", std::string(200, 'a')));
  EXPECT_FALSE(matches("(a|aa)*b", std::string(200, 'a')));
}

TEST(Pattern, CopiesOutliveTheirOriginal) {
  auto original = std::make_unique<Pattern>(Pattern::compile("jane@.*").value());
  const Pattern copy = *original;
  original.reset();
  EXPECT_TRUE(copy.matches("jane@corp.example"));
}

TEST(Pattern, OnePatternServesSeveralThreadsAtOnce) {
  const Pattern pattern = Pattern::compile("([a-z]+)@(corp|unit)\\.example").value();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&pattern, &wrong] {
      for (int i = 0; i < 2000; ++i) {
        if (!pattern.matches("jane@corp.example") || pattern.matches("jane@corp.example2")) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace sfjwt::gateway
