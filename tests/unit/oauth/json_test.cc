// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/json.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/unit/keys/invalid_documents.h"

namespace sfjwt::oauth {
namespace {

using namespace std::string_view_literals;

TEST(JsonMember, IsWhatStandsBetweenItsQuotes) {
  EXPECT_EQ(raw_string_member(R"( {"b":1, "a" : "x!y" ,"c":{}} )", "a"), "x!y");
  EXPECT_EQ(raw_string_member(R"({"a":""})", "a"), "");
  EXPECT_EQ(raw_string_member(R"({"a":"x\"\u0041"})", "a"), R"(x\"\u0041)");
  EXPECT_EQ(raw_string_member(R"({"\u0061":"x"})", "a"), "x");
}

TEST(JsonMember, IsNothingWhereItIsNoStringOfTheOutermostObject) {
  for (const auto text : {R"({"b":"x"})", R"({"a":1})", R"({"b":{"a":"x"}})", R"([{"a":"x"}])", R"("a")",
                          R"({"b":["a","x"]})", R"({"a":"x"} x)", R"({"a":"x","a":"x"})", ""})
    EXPECT_FALSE(raw_string_member(text, "a")) << text;
}

TEST(Json, TakesWhatRfc8259Allows) {
  constexpr std::array kSound{
      R"({})"sv,
      R"([])"sv,
      " \t\r\n{ \"a\" : [ 1 , -2.5e+3 , true , false , null ] }\n"sv,
      R"("text")"sv,
      "0"sv,
      "-0"sv,
      "-0.0e-10"sv,
      "1E5"sv,
      "1e00"sv,
      "123456789012345678901234567890"sv,
      "null"sv,
      R"("\"\\\/\b\f\n\r\t\u00e4")"sv,
      R"("\ud83d\ude00")"sv,
      "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\""sv,
      "\"\x7f\""sv,
      "\"\xE2\x80\xA8\""sv,
      R"({"":0})"sv,
      R"({"a":{"a":1},"b":{"a":1}})"sv,
      R"([[],[[]]])"sv,
      "\"\xEF\xBB\xBF\""sv,
      R"("\u0000")"sv,
      "\"\xF4\x8F\xBF\xBF\""sv,
      "[-0,0,1]"sv,
      "[\"a/*b*/c\"]"sv,
  };
  for (const auto text : kSound) {
    const auto checked = check_json(text);
    EXPECT_TRUE(checked.has_value()) << text << ": " << (checked ? "" : checked.error());
  }
}

// tests/guards/test_invalid_json.py has another parser's verdict on the same rows; jsoncpp in strict mode
// takes several of them.
TEST(Json, RefusesWhatIsNoJsonAndWhatTwoParsersCouldReadInTwoWays) {
  const auto rows = keys::invalid_documents();
  EXPECT_GE(rows.size(), 190U);
  for (const std::string& text : rows) EXPECT_FALSE(check_json(text).has_value()) << text;
}

TEST(Json, EveryPrefixOfAnObjectIsRefused) {
  constexpr auto kWhole =
      R"({"access_token":"00D!x.y","n":[-1.5e3,true,null,{"\u00e4\ud83d\ude00":"\\"}]})"sv;
  ASSERT_TRUE(check_json(kWhole).has_value());
  for (std::size_t size = 0; size < kWhole.size(); ++size) {
    const std::string exact(
        kWhole.substr(0, size));  // a buffer of its own, so that reading past its end shows
    EXPECT_FALSE(check_json(exact).has_value()) << exact;
  }
}

TEST(Json, DepthIsBounded) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(check_json(nested(kMaxJsonDepth)).has_value());
  EXPECT_FALSE(check_json(nested(kMaxJsonDepth + 1)).has_value());
  EXPECT_FALSE(check_json(std::string(100'000, '[')).has_value());
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(check_json(objects).has_value());
}

TEST(Json, TheErrorSaysWhatAndWhereButNotWhatStandsThere) {
  const auto checked = check_json("{\"access_token\":\"secret\n\"}");
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error(), "a raw control character in a string at byte 23");
}

TEST(Json, WritesStringsThatAreReadAsTheSameText) {
  EXPECT_EQ(json_string("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(json_string("\n\x01\x1f"), R"("\u000a\u0001\u001f")");
  EXPECT_EQ(json_string("\xC3\xBC\xF0\x9F\x98\x80"), "\"\xC3\xBC\xF0\x9F\x98\x80\"");
  EXPECT_EQ(json_string(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(Json, WritesNoStringOfWhatIsNotUtf8) {
  for (const auto text : {"\xff"sv, "a\xC3"sv, "\xED\xA0\x80"sv, "\xC0\xAF"sv}) {
    EXPECT_FALSE(json_string(text).has_value());
  }
}

}  // namespace
}  // namespace sfjwt::oauth
