// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/expiry_reminder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sfjwt::keys {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr UnixTime kEnd{1'800'000'000s};

TEST(ExpiryReminder, TheFirstIsDueThirtyDaysBeforeTheEnd) {
  EXPECT_FALSE(is_reminder_due(kEnd - days{30} - 1s, kEnd, {}));
  EXPECT_TRUE(is_reminder_due(kEnd - days{30}, kEnd, {}));
  EXPECT_TRUE(is_reminder_due(kEnd + days{100}, kEnd, {}));
}

TEST(ExpiryReminder, TheNextIsDueADayLater) {
  const UnixTime last = kEnd - days{10};
  EXPECT_FALSE(is_reminder_due(last, kEnd, last));
  EXPECT_FALSE(is_reminder_due(last + 24h - 1s, kEnd, last));
  EXPECT_TRUE(is_reminder_due(last + 24h, kEnd, last));
}

TEST(ExpiryReminder, AClockSetBackDoesNotSilenceItForLong) {
  const UnixTime last = kEnd - days{1};
  EXPECT_FALSE(is_reminder_due(last - 1s, kEnd, last));
  EXPECT_TRUE(is_reminder_due(last - days{20}, kEnd, last));
}

TEST(ExpiryReminder, EachCertificateIsNamedOnceADay) {
  ExpiryReminder reminder;
  reminder.add("a.crt", {"", kEnd - days{365}, kEnd});
  reminder.add("a.crt", {"", kEnd - days{365}, kEnd});
  reminder.add("b.crt", {"", kEnd - days{365}, kEnd + days{5}});
  EXPECT_THAT(reminder.due(kEnd - days{40}), IsEmpty());
  const auto first = reminder.due(kEnd - days{26});
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_THAT(first[0].text, HasSubstr("a.crt expires on 2027-01-15 08:00:00 UTC, in 26 days"));
  EXPECT_FALSE(first[0].expired);
  EXPECT_THAT(reminder.due(kEnd - days{26} + 10s), IsEmpty());
  EXPECT_THAT(reminder.due(kEnd - days{25}), SizeIs(2));
}

TEST(ExpiryReminder, WhatHasExpiredIsSaidAsSuch) {
  ExpiryReminder reminder;
  reminder.add("a.crt", {"", kEnd - days{365}, kEnd});
  const auto said = reminder.due(kEnd);
  ASSERT_THAT(said, SizeIs(1));
  EXPECT_THAT(said[0].text, HasSubstr("a.crt expired on"));
  EXPECT_TRUE(said[0].expired);
}

}  // namespace
}  // namespace sfjwt::keys
