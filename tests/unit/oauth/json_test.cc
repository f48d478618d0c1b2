// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/json.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sfjwt::oauth {
namespace {

using namespace std::string_view_literals;

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

// Each is wrong in one way; jsoncpp in strict mode takes several of them.
TEST(Json, RefusesWhatRfc8259DoesNotAllow) {
  constexpr std::array kBroken{
      // arrays
      "[1 true]"sv,
      "[a\xe5]"sv,
      "[\"\": 1]"sv,
      "[\"\"],"sv,
      "[,1]"sv,
      "[1,,2]"sv,
      "[\"x\",,]"sv,
      "[\"x\"]]"sv,
      "[\"\",]"sv,
      "[\"x\""sv,
      "[x"sv,
      "[3[4]]"sv,
      "[\xff]"sv,
      "[1:2]"sv,
      "[,]"sv,
      "[-]"sv,
      "[   , \"\"]"sv,
      "[\"a\",\n4\n,1,"sv,
      "[1,]"sv,
      "[\"\"a]"sv,
      "[\"a\v\"\\f]"sv,
      "[*]"sv,
      "[\"\""sv,
      "[1"sv,
      "[{}"sv,
      "["sv,
      "[1,\n1\n,1"sv,
      "[[]"sv,
      "[\"x\"}"sv,
      // literals
      "[fals]"sv,
      "[nul]"sv,
      "[tru]"sv,
      "[True]"sv,
      "NULL"sv,
      "nan"sv,
      "[undefined]"sv,
      "truefalse"sv,
      "nulll"sv,
      // numbers
      "[++1234]"sv,
      "[+1]"sv,
      "[+Inf]"sv,
      "[-01]"sv,
      "[-1.0.]"sv,
      "[-2.]"sv,
      "[-NaN]"sv,
      "[.-1]"sv,
      "[.2e-3]"sv,
      "[0.1.2]"sv,
      "[0.3e+]"sv,
      "[0.3e]"sv,
      "[0.e1]"sv,
      "[0E]"sv,
      "[0E+]"sv,
      "[0e]"sv,
      "[1.0e+]"sv,
      "[1.0e-]"sv,
      "[1.0e]"sv,
      "[1 000.0]"sv,
      "[1eE2]"sv,
      "[2.e+3]"sv,
      "[2.e-3]"sv,
      "[2.e3]"sv,
      "[9.e+]"sv,
      "[Inf]"sv,
      "[NaN]"sv,
      "[Infinity]"sv,
      "[-Infinity]"sv,
      "[\xEF\xBC\x91]"sv,
      "[1+2]"sv,
      "[0x1]"sv,
      "[0x42]"sv,
      "[-foo]"sv,
      "[- 1]"sv,
      "[-012]"sv,
      "[-.123]"sv,
      "[-1x]"sv,
      "[1ea]"sv,
      "[1.]"sv,
      "[.123]"sv,
      "[1.2a-3]"sv,
      "[1.8011670033376514H-308]"sv,
      "[012]"sv,
      "[00]"sv,
      "[-00.0]"sv,
      "[00e0]"sv,
      "[123\xe5]"sv,
      "[1e1\xe5]"sv,
      "[0\xe5]"sv,
      "[-123.123foo]"sv,
      "1_000"sv,
      "[-"sv,
      "[1e]"sv,
      // objects
      "{\"x\", null}"sv,
      "{\"x\"::\"b\"}"sv,
      "{\"a\":\"a\" 123}"sv,
      "{key: 'value'}"sv,
      "{\"\xb9\":\"0\",}"sv,
      "{\"a\" b}"sv,
      "{:\"b\"}"sv,
      "{\"a\" \"b\"}"sv,
      "{\"a\":"sv,
      "{\"a\""sv,
      "{1:1}"sv,
      "{9999E9999:1}"sv,
      "{null:null,null:null}"sv,
      "{\"id\":0,,,,,}"sv,
      "{'a':0}"sv,
      "{\"id\":0,}"sv,
      "{\"a\":\"b\"}/**/"sv,
      "{\"a\":\"b\"}/**//"sv,
      "{\"a\":\"b\"}//"sv,
      "{\"a\":\"b\"}/"sv,
      "{\"a\":\"b\",,\"c\":\"d\"}"sv,
      "{a: \"b\"}"sv,
      "{\"a\":\"a"sv,
      "{\"foo\":\"bar\", \"a\"}"sv,
      "{\"a\":\"b\"}#"sv,
      "{\"a\":true} \"x\""sv,
      "{"sv,
      "{]"sv,
      "}"sv,
      "{}}"sv,
      "{\"a\":1"sv,
      "{\"a\":/*c*/1}"sv,
      "{[]:1}"sv,
      "{\"a\":1,\"a\":2}"sv,
      "{\"a\":1,\"\\u0061\":2}"sv,
      "{\"access_token\":\"x\",\"b\":0,\"access_token\":\"x\"}"sv,
      // strings
      "[\"\\uD800\\\"]"sv,
      "[\"\\uD800\\u\"]"sv,
      "[\"\\uD800\\u1\"]"sv,
      "[\"\\uD800\\u1x\"]"sv,
      "[\xC3\xA9]"sv,
      "[\"\\\0\"]"sv,
      "[\"\\x00\"]"sv,
      "[\"\\\\\\\"]"sv,
      "[\"\\\t\"]"sv,
      "[\"\\\xF0\x9F\x8C\x80\"]"sv,
      "[\"\\\"]"sv,
      "[\"\\u00A\"]"sv,
      "[\"\\uD834\\uDd\"]"sv,
      "[\"\\uD800\\uD800\\x\"]"sv,
      "[\"\\a\"]"sv,
      "[\"\\uqqqq\"]"sv,
      "[\"\\\xe5\"]"sv,
      "[\\u0020\"asd\"]"sv,
      "[\\n]"sv,
      "\""sv,
      "['single quote']"sv,
      "abc"sv,
      "[\"\\"sv,
      "[\"a\0a\"]"sv,
      "[\"new\nline\"]"sv,
      "[\"\t\"]"sv,
      "\"\\UA66D\""sv,
      "\"\"x"sv,
      "[\"\\ud800\"]"sv,
      "[\"\\udc00\\ud800\"]"sv,
      "[\"\\ud800\\u0041\"]"sv,
      "[\"\\ud800x\"]"sv,
      "\"\x1f\""sv,
      "\"a"sv,
      "[\"\\101\"]"sv,
      "`a`"sv,
      "\"\\u+123\""sv,
      "\"\\u 123\""sv,
      // bytes that are no UTF-8
      "\"\xff\""sv,
      "\"\x80\""sv,
      "\"\xC0\x80\""sv,
      "\"\xC1\xBF\""sv,
      "\"\xE0\x80\x80\""sv,
      "\"\xE0\x9F\xBF\""sv,
      "\"\xED\xA0\x80\""sv,
      "\"\xF0\x8F\xBF\xBF\""sv,
      "\"\xF4\x90\x80\x80\""sv,
      "\"\xF5\x80\x80\x80\""sv,
      "\"\xC3\""sv,
      "\"\xE2\x82\""sv,
      "\"\xF0\x9F\x98\""sv,
      "\"\xC3"sv,
      "\"\xF0\x9F\x98"sv,
      // structure
      ""sv,
      " "sv,
      "<.>"sv,
      "[<null>]"sv,
      "aa"sv,
      "[true]x"sv,
      "[}"sv,
      "[\"asd]"sv,
      "\xC3\xA5"sv,
      "[True"sv,
      "1]"sv,
      "{\"x\":true,"sv,
      "[][]"sv,
      "]"sv,
      "\xEF\xBB\xBF{}"sv,
      "\xEF\xBB"sv,
      "\xFF\xFE{\0}\0"sv,
      "[\"a\"] 2"sv,
      "{\"\":"sv,
      "[\f]"sv,
      "[\v1]"sv,
      "\xC2\xA0[]"sv,
      "[\xE2\x81\xA0]"sv,
      "{}\0"sv,
      "\0{}"sv,
      "[1]\0"sv,
      "2@"sv,
      "*"sv,
      "{}//c"sv,
      "/*c*/{}"sv,
      "// c\n{}"sv,
      "{}{}"sv,
      "\\u007B}"sv,
      "\x1E{}"sv,
  };
  for (const auto text : kBroken) EXPECT_FALSE(check_json(text).has_value()) << text;
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
