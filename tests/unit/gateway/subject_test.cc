// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/subject.h"
#include "mod_sfjwt/gateway/salesforce.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sfjwt::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kJane = "jane@corp.example";

Reason refused(std::string_view text) {
  const auto subject = normal_subject(text, kSalesforce);
  return subject ? Reason::internal : subject.error().reason;
}

TEST(NormalSubject, IsTrimmedOfXmlWhiteSpace) {
  EXPECT_EQ(normal_subject(" \r\n\tjane@corp.example\n ", kSalesforce).value(), kJane);
}

TEST(NormalSubject, IsLowerCase) {
  EXPECT_EQ(normal_subject("Jane@CORP.Example", kSalesforce).value(), kJane);
}

TEST(NormalSubject, KeepsEveryVisibleAsciiCharacter) {
  EXPECT_EQ(normal_subject("o'neil+x!\"#$%&\\~@corp.example.full", kSalesforce).value(),
            "o'neil+x!\"#$%&\\~@corp.example.full");
}

TEST(NormalSubject, NothingIsNoSubject) {
  EXPECT_EQ(refused(""), Reason::subject_missing);
  EXPECT_EQ(refused(" \r\n\t"), Reason::subject_missing);
}

TEST(NormalSubject, NeedsExactlyOneAtWithSomethingOnBothSides) {
  for (const auto* text :
       {"jane", "@corp.example", "jane@", "@", "jane@corp@example", "jane@@corp.example"}) {
    EXPECT_EQ(refused(text), Reason::subject_malformed) << text;
  }
}

TEST(NormalSubject, WhiteSpaceInsideIsRefused) {
  for (const auto* text : {"jane doe@corp.example", "jane@corp.example\njoe", "jane\t@corp.example"}) {
    EXPECT_EQ(refused(text), Reason::subject_malformed) << text;
  }
}

TEST(NormalSubject, OnlyXmlWhiteSpaceIsTrimmed) {
  EXPECT_EQ(refused("jane@corp.example\v"), Reason::subject_malformed);
  EXPECT_EQ(refused("jane@corp.example\xC2\xA0"), Reason::subject_malformed);
}

TEST(NormalSubject, ControlAndNonAsciiBytesAreRefused) {
  EXPECT_EQ(refused(std::string_view("jane\0@corp.example", 18)), Reason::subject_malformed);
  EXPECT_EQ(refused("jane\x7f@corp.example"), Reason::subject_malformed);
  EXPECT_EQ(refused("j\xC3\xA4ne@corp.example"), Reason::subject_malformed);
  EXPECT_EQ(refused("j\xD0\xB0ne@corp.example"), Reason::subject_malformed);  // Cyrillic a
}

TEST(NormalSubject, MayHave255BytesAndNotOneMore) {
  const std::string longest = std::string(255 - kJane.size(), 'j') + std::string(kJane);
  EXPECT_TRUE(normal_subject(longest, kSalesforce).has_value());
  EXPECT_EQ(refused("j" + longest), Reason::subject_malformed);
}

TEST(NormalSubject, ASessionIdIsRefusedWithWordsThatSayWhatBelongsThere) {
  for (const auto* text : {"00D000000000001!AQ0AQ.abc_123", "00d000000000001EAA!x@corp.example", "00D!"}) {
    const auto subject = normal_subject(text, kSalesforce);
    ASSERT_FALSE(subject.has_value()) << text;
    EXPECT_EQ(subject.error().reason, Reason::subject_malformed);
    EXPECT_THAT(
        subject.error().message,
        HasSubstr("Put the e-mail address of the user into SessionHeader/sessionId, not a session id"));
  }
}

TEST(NormalSubject, ALongSessionIdIsStillCalledASessionId) {
  const auto subject = normal_subject("00D000000000001!" + std::string(400, 'A'), kSalesforce);
  EXPECT_THAT(subject.error().message, HasSubstr("not a session id"));
}

TEST(NormalSubject, AnExclamationMarkOrThePrefixAloneIsNoSessionId) {
  EXPECT_TRUE(normal_subject("jane!@corp.example", kSalesforce).has_value());
  EXPECT_TRUE(normal_subject("00d@corp.example", kSalesforce).has_value());
}

TEST(NormalSubject, NoMessageRepeatsWhatWasSent) {
  for (const auto* text :
       {"canary", "canary@a@b", "can ary@b", "00Dcanary!canary", "canary\x01@b", "canary@"}) {
    EXPECT_THAT(normal_subject(text, kSalesforce).error().message, Not(HasSubstr("canary"))) << text;
  }
}

}  // namespace
}  // namespace sfjwt::gateway
