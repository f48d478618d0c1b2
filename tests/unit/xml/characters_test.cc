// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/characters.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "mod_sfjwt/core/utf8.h"

namespace sfjwt::xml {
namespace {

TEST(Characters, EveryCodePointIsJudgedAsTheProductionCharSays) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, c);
    ASSERT_EQ(check_characters(text).first_bad == text.size(), is_character(c)) << static_cast<unsigned>(c);
    ASSERT_EQ(code_point_at(text.data()).value, c);
    ASSERT_EQ(code_point_at(text.data()).length, text.size());
  }
}

TEST(Characters, ASecondByteOutOfItsRangeIsFound) {
  for (const char* bad :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\x80",
        "\xBF", "\xE2\x28\xA1", "\xC3", "\xE2\x82", "\xF0\x9F\x98"}) {
    EXPECT_EQ(check_characters(bad).first_bad, 0u) << bad;
  }
}

TEST(Characters, TheVectorPathAndThePortableOneAgree) {
  std::mt19937 random(20261123);
  const std::string pieces[] = {"a",
                                "plain text of some length ",
                                "\t",
                                "\r\n",
                                "\xC3\xA4",
                                "\xE2\x82\xAC",
                                "\xF0\x9F\x98\x80",
                                "\x7f",
                                "\x01",
                                std::string(1, '\0'),
                                "\xC0\xAF",
                                "\xED\xA0\x80",
                                "\x80",
                                "\xEF\xBF\xBF"};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const unsigned good = 7 + (round % 2 ? 0u : static_cast<unsigned>(std::size(pieces)) - 7u);
    for (auto n = random() % 20; n > 0; --n) text += pieces[random() % good];
    const CharacterCheck vector = check_characters(text);
    const CharacterCheck portable = check_characters_portably(text);
    ASSERT_EQ(vector.first_bad, portable.first_bad) << text;
    ASSERT_EQ(vector.ascii, portable.ascii) << text;
  }
}

TEST(Characters, NamesFollowTheFifthEdition) {
  for (const char32_t c :
       {U'_', U'A', U'z', U'\u00C0', U'\u037F', U'\u2070', U'\u3001', U'\uFFFD', U'\U000EFFFF'}) {
    EXPECT_TRUE(is_name_start(c)) << static_cast<unsigned>(c);
  }
  for (const char32_t c :
       {U':', U'-', U'0', U'\u00B7', U'\u00D7', U'\u037E', U'\u2000', U'\u2190', U'\u3000', U'\U000F0000'}) {
    EXPECT_FALSE(is_name_start(c)) << static_cast<unsigned>(c);
  }
  for (const char32_t c : {U'-', U'.', U'9', U'\u00B7', U'\u0300', U'\u2040'}) {
    EXPECT_TRUE(is_name_character(c)) << static_cast<unsigned>(c);
  }
}

}  // namespace
}  // namespace sfjwt::xml
