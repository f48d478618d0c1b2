// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/subject_pattern.h"

#include <gtest/gtest.h>

#include <string>

#include "mod_sfjwt/gateway/pattern.h"

namespace sfjwt::gateway {
namespace {

std::string corrected(std::string_view expression) {
  return with_literal_dots(expression).value_or("(nothing)");
}

TEST(SubjectPattern, ADotBetweenTheLabelsOfAHostIsMeantLiterally) {
  EXPECT_EQ(corrected(".+@corp.example"), ".+@corp[.]example");
  EXPECT_EQ(corrected("(.+@corp.example)"), "(.+@corp[.]example)");
  EXPECT_EQ(corrected(".*@a-1.corp.example"), ".*@a-1[.]corp[.]example");
  EXPECT_EQ(corrected(".+@(north|south).corp.example"), ".+@(north|south)[.]corp[.]example");
  EXPECT_EQ(corrected(".+@corp.(example|test)"), ".+@corp[.](example|test)");
  EXPECT_EQ(corrected(R"(.+@.*\.corp.example)"), ".+@.*[.]corp[.]example");
  EXPECT_EQ(corrected(".+\\@corp.example"), "(nothing)") << "only an @ that is written as itself is seen";
}

TEST(SubjectPattern, TheCorrectedExpressionMatchesTheUserThatIsMeantAndNoOther) {
  const auto pattern = Pattern::compile(corrected(R"([a-z.]+@(north|south).corp\.example)")).value();
  EXPECT_EQ(pattern.match("jane@north.corp.example").result, Match::Result::matched);
  EXPECT_EQ(pattern.match("jane@northxcorp.example").result, Match::Result::no_match);
  EXPECT_EQ(pattern.match("jane@north.corpxexample").result, Match::Result::no_match);
}

TEST(SubjectPattern, OtherDotsAreLeftAlone) {
  for (const char* expression : {".*",
                                 ".+@.+",
                                 ".+@corp.*",
                                 ".+@corp.+example",
                                 R"(.+@corp\.example)",
                                 "j.doe",
                                 "j.doe@corp",
                                 ".+@[a-z.]+",
                                 ".+@[]a.b]+",
                                 R"(.+@\d.com)",
                                 R"(.+@\Qcorp.example\E)",
                                 ".+@[a.b",
                                 ".+@corp.(?i)x",
                                 "",
                                 "@",
                                 ".",
                                 "\\",
                                 "[",
                                 "@.",
                                 "@.a"})
    EXPECT_EQ(corrected(expression), "(nothing)") << expression;
}

TEST(SubjectPattern, AnExpressionWithNothingThatTakesAnAtSignMatchesNoSubject) {
  for (const char* expression : {"jane", "(jane|joe)", R"(corp\.example)", R"(\w+)", "jane$", ""})
    EXPECT_TRUE(never_matches_subject(expression)) << expression;
}

TEST(SubjectPattern, WhateverMayTakeAnAtSignIsLeftAlone) {
  for (const char* expression : {"jane@corp", ".*", "j.", "[^x]+", R"(jane\@corp)", R"(\S+)", R"(\W)",
                                 R"(jane\x40corp)", R"(\Q@\E)", "(?:jane)", "(*ACCEPT)jane", "\\"})
    EXPECT_FALSE(never_matches_subject(expression)) << expression;
}

}  // namespace
}  // namespace sfjwt::gateway
