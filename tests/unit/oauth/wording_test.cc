// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/wording.h"

#include <gtest/gtest.h>

#include <string>

namespace sfjwt::oauth {
namespace {

TEST(PlainWording, WhatSalesforceSaysMayBeQuoted) {
  for (const char* text : {"user hasn't approved this consumer",
                           "audience is invalid",
                           "Audience validation failed",
                           "invalid assertion",
                           "expired authorization code",
                           "user is locked",
                           "inactive_user",
                           "invalid_app_access",
                           "user is not admin approved to access this app",
                           "invalid_client_id",
                           "client identifier invalid",
                           "External client app is not installed in this org",
                           "login rate exceeded",
                           "rate_limit_exceeded",
                           "OAUTH_EC_APP_NOT_FOUND",
                           "ip restricted",
                           "invalid login hours",
                           "inactive user",
                           "org locked",
                           "authentication failure",
                           "grant type not supported",
                           "token request is already being processed"})
    EXPECT_TRUE(is_plain_wording(text)) << text;
}

TEST(PlainWording, AWordThatIsNotInTheListHidesTheWholeText) {
  EXPECT_FALSE(is_plain_wording("invalid assertion of jane"));
  EXPECT_FALSE(is_plain_wording("invalid assertion eyJhbGciOiJSUzI1NiJ9"));
  EXPECT_FALSE(is_plain_wording("user is lockedd"));
}

TEST(PlainWording, DigitsAndOtherCharactersHideTheText) {
  for (const char* text : {"error 5", "user@org", "user!", "a=b", "line\r\nline", "user\xC3\xA9", "user+app"})
    EXPECT_FALSE(is_plain_wording(text)) << text;
}

TEST(PlainWording, NoPieceOfATokenPassesHoweverItIsCut) {
  const std::string token =
      "00Dxx0000001gPL!AR8AQJXg5oj8jXSgxJfA0lBogVqVQ.TWPeYJHEeGbH6.eyJhbGciOiJSUzI1NiJ9";
  for (std::size_t piece = 1; piece <= token.size(); ++piece) {
    std::string cut;
    for (std::size_t i = 0; i < token.size(); i += piece) cut += token.substr(i, piece) + " ";
    EXPECT_FALSE(is_plain_wording(cut)) << piece;
  }
}

TEST(PlainWording, CapitalsInsideOfAWordHideTheText) {
  EXPECT_FALSE(is_plain_wording("inValid"));
  EXPECT_TRUE(is_plain_wording("Invalid"));
  EXPECT_TRUE(is_plain_wording("INVALID"));
}

TEST(PlainWording, NothingAndLongTextsAreNotQuoted) {
  EXPECT_FALSE(is_plain_wording(""));
  EXPECT_FALSE(is_plain_wording(std::string(201, ' ')));
}

TEST(Echo, IsEightCharactersInARow) {
  EXPECT_TRUE(echoes("it was abcdefgh", "00abcdefgh00"));
  EXPECT_FALSE(echoes("it was abcdefg", "00abcdefg00"));
}

TEST(Echo, IsFoundWhateverStandsBetweenAndInWhateverCase) {
  EXPECT_TRUE(echoes("A.B-C d,e/F g_h", "abcdefgh"));
  EXPECT_TRUE(echoes("abcdefgh", "ab-cd.EF_gh"));
}

TEST(Echo, NothingEchoesNothing) {
  EXPECT_FALSE(echoes("", ""));
  EXPECT_FALSE(echoes("abcdefghij", ""));
}

}  // namespace
}  // namespace sfjwt::oauth
