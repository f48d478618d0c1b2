// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/xsd_pattern.h"

#include <gtest/gtest.h>

namespace sfjwt::schema {
namespace {

bool matches(std::string_view expression, std::string_view text) {
  const auto pattern = XsdPattern::compile(expression);
  EXPECT_TRUE(pattern) << expression << ": " << pattern.error();
  return pattern && pattern->match(text) == XsdPattern::Match::matched;
}

TEST(XsdPattern, MatchesTheWholeText) {
  EXPECT_TRUE(matches("[A-Z]{3}", "ABC"));
  EXPECT_FALSE(matches("[A-Z]{3}", "ABCD"));
  EXPECT_FALSE(matches("[A-Z]{3}", "ABC\n"));
  EXPECT_TRUE(matches("a|bc", "bc"));
  EXPECT_FALSE(matches("a|bc", "ac"));
  EXPECT_TRUE(matches("", ""));
  EXPECT_FALSE(matches("", "a"));
}

TEST(XsdPattern, HasNoAnchors) {
  EXPECT_TRUE(matches("^a$", "^a$"));
  EXPECT_FALSE(matches("^a$", "a"));
}

TEST(XsdPattern, KnowsClassesAndEscapes) {
  EXPECT_TRUE(matches("\\d{2}\\.\\d", "12.5"));
  EXPECT_TRUE(matches("\\d", "\xD9\xA1")) << "\\d is any decimal digit (appendix F, Nd)";
  EXPECT_TRUE(matches("[^a-c\\-]+", "xyz"));
  EXPECT_FALSE(matches("[^a-c\\-]+", "x-z"));
  EXPECT_TRUE(matches("\\p{Lu}\\P{Lu}", "\xC3\x89\xC3\xA9"));
  EXPECT_TRUE(matches("a\\|b\\[\\]\\(\\)\\{\\}\\\\", "a|b[](){}\\"));
  EXPECT_TRUE(matches("\\S+\\s\\S+", "a b"));
  EXPECT_TRUE(matches(".{2}", "\xE2\x82\xAC\xE2\x82\xAC"));
  EXPECT_FALSE(matches(".", "\n"));
  EXPECT_FALSE(matches(".", "\r"));
  EXPECT_TRUE(matches("a{2,}b{0,1}c?", "aaab"));
}

TEST(XsdPattern, WhiteSpaceAndWordsAreThoseOfXmlSchema) {
  EXPECT_FALSE(matches("\\s", "\xC2\xA0")) << "appendix F: space, tab, LF, CR";
  EXPECT_TRUE(matches("[\\s]\\S", "\r\xC2\xA0"));
  EXPECT_TRUE(matches("\\w+", "a1+$\xE2\x82\xAC")) << "all but punctuation, separators, others";
  EXPECT_FALSE(matches("\\w", "_"));
  EXPECT_TRUE(matches("\\W+", "_- ."));
}

TEST(XsdPattern, KnowsTheCharactersOfNames) {
  EXPECT_TRUE(matches("\\i\\c*", "a-1.\xC3\xA4:_"));
  EXPECT_TRUE(matches("\\i+", ":_\xF0\x90\x80\x80"));
  EXPECT_FALSE(matches("\\i\\c*", "1a"));
  EXPECT_FALSE(matches("\\c", "\xC3\x97")) << "U+00D7 is no NameChar";
  EXPECT_TRUE(matches("\\I\\C", "1 "));
  EXPECT_FALSE(matches("\\I", "a"));
  EXPECT_TRUE(matches("[\\i -]+", "a b-c"));
  EXPECT_TRUE(matches("[^\\c]+", " +"));
  EXPECT_FALSE(matches("[^\\c]+", "+a"));
}

TEST(XsdPattern, SubtractsClasses) {
  EXPECT_TRUE(matches("[a-z-[aeiou]]+x", "bcdx"));
  EXPECT_FALSE(matches("[a-z-[aeiou]]+", "bad"));
  EXPECT_TRUE(matches("[a-z-[a-y-[b-d]]]+", "zbcd"));
  EXPECT_FALSE(matches("[a-z-[a-y-[b-d]]]+", "a"));
  EXPECT_TRUE(matches("[\\c-[:]]+", "a.b"));
  EXPECT_FALSE(matches("[\\c-[:]]+", "a:b"));
  EXPECT_TRUE(matches("[^a-[b]]", "c"));
  EXPECT_FALSE(matches("[^a-[b]]", "b"));
  EXPECT_TRUE(matches("[a-c-[^b]]", "b"));
  EXPECT_FALSE(matches("[a-c-[^b]]", "a"));
  EXPECT_TRUE(matches("([a-c-[b]]{2}|z)-", "ac-"));
}

TEST(XsdPattern, WhatPcre2WouldReadAnotherWayIsAnError) {
  for (const char* expression : {"\\p{IsBasicLatin}",
                                 "(?i)a",
                                 "(*UTF)a",
                                 "a++",
                                 "a*?",
                                 "a+?",
                                 "a{1}?",
                                 "\\b",
                                 "\\A",
                                 "\\1",
                                 "\\x41",
                                 "\\Q",
                                 "\\",
                                 "[\\w]",
                                 "[\\S]",
                                 "[\\C]",
                                 "[\\I]",
                                 "[!-\\c]",
                                 "[a-z-[b]c]",
                                 "[a[b]]",
                                 "[a\\-[b]]",
                                 "a{1}{2}"}) {
    EXPECT_FALSE(XsdPattern::compile(expression)) << expression;
  }
}

TEST(XsdPattern, WhatIsNoExpressionIsAnError) {
  for (const char* expression : {"(", ")", "[", "[]", "[]a]", "a]", "a}", "a{2", "a{,2}", "a{x}", "a{3,2}",
                                 "*", "[z-a]", "\\p{Nope}"}) {
    EXPECT_FALSE(XsdPattern::compile(expression)) << expression;
  }
}

TEST(XsdPattern, TakesLongTextsWhoseGroupsRepeatAsOften) {
  std::string text = "x";
  while (text.size() < 100'000) text += ".abc";
  EXPECT_TRUE(matches("[a-z]+(\\.[a-z]+)*", text));
  EXPECT_FALSE(matches("[a-z]+(\\.[a-z]+)*", text + "!"));
  EXPECT_TRUE(matches("([a-z]|\\.)*", text));
}

TEST(XsdPattern, NothingIsATextToo) {
  EXPECT_TRUE(matches("a*", std::string_view()));
  EXPECT_FALSE(matches("a+", std::string_view()));
}

TEST(XsdPattern, GivesUpWhereMatchingWouldTakeForever) {
  const auto pattern = XsdPattern::compile("(a|aa)+(a|aa)+(a|aa)+b");
  ASSERT_TRUE(pattern);
  EXPECT_EQ(pattern->match("aaab"), XsdPattern::Match::matched);
  EXPECT_EQ(pattern->match("aaac"), XsdPattern::Match::no_match);
  EXPECT_EQ(pattern->match(std::string(200, 'a') + "cb"), XsdPattern::Match::error);
}

}  // namespace
}  // namespace sfjwt::schema
