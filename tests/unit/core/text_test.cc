// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/text.h"

#include <gtest/gtest.h>

namespace sfjwt {
namespace {

TEST(Text, ANullPointerIsAnEmptyView) {
  EXPECT_EQ(as_view(nullptr), "");
}

TEST(Text, LowerTouchesAsciiLettersOnly) {
  EXPECT_EQ(ascii_lower("A\xC3\x84z@["), "a\xC3\x84z@[");
}

TEST(Text, EqualityIgnoresTheCaseOfAsciiLettersOnly) {
  EXPECT_TRUE(equals_ignoring_case("UTF-8", "utf-8"));
  EXPECT_FALSE(equals_ignoring_case("utf-8", "utf-"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));
}

TEST(Text, TrimsXmlWhiteSpaceOnly) {
  EXPECT_EQ(trimmed(" \t\r\nx y\n"), "x y");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed("\vx\v"), "\vx\v");
}

TEST(Text, EscapesAllThatMarkupCouldBeMadeOf) {
  EXPECT_EQ(xml_escaped("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&apos;");
}

TEST(Text, PrintableKeepsALogLineOneLine) {
  EXPECT_EQ(printable("a\r\n\x1b[0m\\\xff"), "a\\x0d\\x0a\\x1b[0m\\x5c\\xff");
  EXPECT_EQ(printable("abcdef", 3), "abc...");
}

}  // namespace
}  // namespace sfjwt
