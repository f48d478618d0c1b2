// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/attempt_limits.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <list>
#include <string>

#include "tests/unit/core/fake_clock.h"
#include "tests/unit/keys/processes.h"

namespace sfjwt::login {
namespace {

using namespace std::chrono_literals;
using Limit = AttemptLimits::Limit;

constexpr auto kJane = "jane@corp.example";

class AttemptLimitsTest : public ::testing::Test {
 protected:
  auto begin(std::string_view user, std::string_view address) const {
    return limits_.begin(user, address, clock_.steady());
  }
  std::optional<Limit> refusal(std::string_view user, std::string_view address) const {
    const auto attempt = begin(user, address);
    if (!attempt) return attempt.error();
    limits_.cancel(*attempt);
    return std::nullopt;
  }
  bool succeed(std::string_view user, std::string_view address) const {
    const auto attempt = begin(user, address);
    if (attempt) limits_.succeeded(*attempt, clock_.steady());
    return attempt.has_value();
  }
  // Of so many attempts, how many are not refused; all of them fail.
  unsigned fail(std::string_view user, std::string_view address, unsigned attempts) const {
    unsigned made = 0;
    for (unsigned i = 0; i < attempts; ++i) made += begin(user, address).has_value();
    return made;
  }
  static std::string address(std::size_t number) {
    return "10.0." + std::to_string(number / 250) + "." + std::to_string(number % 250);
  }

  FakeClock clock_;
  keys::SharedMemory memory_{AttemptLimits::kBytes};
  keys::SaltedDigest hash_{"salt"};
  AttemptLimits limits_{reinterpret_cast<std::byte*>(memory_.words()), hash_};
};

TEST_F(AttemptLimitsTest, AUserFailsTenTimesAMinuteFromAnAddress) {
  EXPECT_EQ(fail(kJane, "192.0.2.1", 100), 10U);
  EXPECT_EQ(refusal(kJane, "192.0.2.1"), Limit::pair);
  EXPECT_EQ(refusal(kJane, "192.0.2.2"), std::nullopt);
  EXPECT_EQ(refusal("john@corp.example", "192.0.2.1"), std::nullopt);
  clock_.advance(80s);
  EXPECT_EQ(refusal(kJane, "192.0.2.1"), std::nullopt);
}

TEST_F(AttemptLimitsTest, AnAddressFailsSixtyTimesAMinute) {
  unsigned made = 0;
  for (int user = 0; user < 200; ++user) made += fail(std::to_string(user), "192.0.2.1", 1);
  EXPECT_EQ(made, AttemptLimits::kMaxOfAddress);
  EXPECT_EQ(refusal(kJane, "192.0.2.1"), Limit::address);
  EXPECT_EQ(refusal(kJane, "192.0.2.2"), std::nullopt);
}

TEST_F(AttemptLimitsTest, AUserFailsAHundredTimesAMinuteFromAllAddresses) {
  unsigned made = 0;
  for (std::size_t from = 0; from < 30; ++from) made += fail(kJane, address(from), 8);
  EXPECT_EQ(made, AttemptLimits::kMaxOfUser);
  EXPECT_EQ(refusal(kJane, "192.0.2.1"), Limit::user);
}

TEST_F(AttemptLimitsTest, AnAddressFromWhichTheUserSucceededIsNotLockedOutByOthers) {
  succeed(kJane, "192.0.2.1");
  clock_.advance(29 * 24h);
  for (std::size_t from = 0; from < 30; ++from) fail(kJane, address(from), 10);
  EXPECT_EQ(refusal(kJane, "192.0.2.2"), Limit::user);
  EXPECT_EQ(fail(kJane, "192.0.2.1", 100), 10U) << "its own limit";
}

TEST_F(AttemptLimitsTest, TheExemptionEndsAfter30Days) {
  succeed(kJane, "192.0.2.1");
  clock_.advance(30 * 24h + 2h);
  for (std::size_t from = 0; from < 30; ++from) fail(kJane, address(from), 10);
  EXPECT_EQ(refusal(kJane, "192.0.2.1"), Limit::user);
}

TEST_F(AttemptLimitsTest, OneAddressAloneReachesNobodysLimit) {
  for (int minute = 0; minute < 10; ++minute, clock_.advance(60s)) {
    fail(kJane, "192.0.2.66", 1'000);
    ASSERT_EQ(refusal(kJane, "192.0.2.1"), std::nullopt);
  }
}

TEST_F(AttemptLimitsTest, SuccessesAreNotLimited) {
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(succeed(kJane, "192.0.2.1"));
  EXPECT_EQ(fail(kJane, "192.0.2.1", 20), 10U);
}

TEST_F(AttemptLimitsTest, ASuccessDoesNotForgiveFailures) {
  fail(kJane, "192.0.2.1", 9);
  succeed(kJane, "192.0.2.1");
  EXPECT_EQ(fail(kJane, "192.0.2.1", 20), 1U);
}

TEST_F(AttemptLimitsTest, AnAttemptThatIsStillCheckedCounts) {
  std::list<AttemptLimits::Attempt> open;
  for (int i = 0; i < 10; ++i) open.push_back(*begin(kJane, "192.0.2.1"));
  EXPECT_EQ(refusal(kJane, "192.0.2.1"), Limit::pair);
  limits_.succeeded(open.front(), clock_.steady());
  EXPECT_EQ(refusal(kJane, "192.0.2.1"), std::nullopt);
}

TEST_F(AttemptLimitsTest, ACancelledAttemptCountsNowhere) {
  for (int i = 0; i < 1'000; ++i) ASSERT_EQ(refusal(kJane, "192.0.2.1"), std::nullopt);
  EXPECT_EQ(fail(kJane, "192.0.2.1", 20), 10U);
  for (std::size_t from = 0; from < 30; ++from) fail(kJane, address(from), 10);
  EXPECT_EQ(refusal(kJane, "192.0.2.2"), Limit::user) << "it did not make the address known";
}

TEST_F(AttemptLimitsTest, ARefusedAttemptCountsNowhere) {
  for (std::size_t from = 0; from < 30; ++from) fail(kJane, address(from), 10);
  EXPECT_EQ(fail(kJane, "192.0.2.1", 1'000), 0U);
  EXPECT_EQ(fail("john@corp.example", "192.0.2.1", 1'000), 10U);
  unsigned made = 0;
  for (int user = 0; user < 100; ++user) made += fail(std::to_string(user), "192.0.2.1", 1);
  EXPECT_EQ(made, AttemptLimits::kMaxOfAddress - 10);
}

TEST_F(AttemptLimitsTest, AnotherSpellingIsTheSameUserAndAddress) {
  fail("jane@corp.example", "2001:db8::1", 5);
  EXPECT_EQ(fail("JANE@Corp.Example", "2001:db8::ffff:2", 20), 5U);
  EXPECT_EQ(refusal(kJane, "2001:db8:0:1::1"), std::nullopt) << "another network";
  fail(kJane, "192.0.2.1", 5);
  EXPECT_EQ(fail(kJane, "::ffff:192.0.2.1", 20), 5U);
}

// Ten seconds of 10,000 logins each.
TEST_F(AttemptLimitsTest, AFloodOfInventedUsersFromOneAddressChangesNothingForOthers) {
  fail(kJane, "192.0.2.1", 10);
  unsigned made = 0;
  for (std::size_t i = 0; i < 100'000; ++i) {
    if (i % 10 == 0) clock_.advance(1ms);
    made += fail("invented" + std::to_string(i), "192.0.2.66", 1);
    ASSERT_TRUE(i % 100 != 0 || succeed("john@corp.example", "192.0.2.1"));
  }
  EXPECT_EQ(made, AttemptLimits::kMaxOfAddress);
  EXPECT_EQ(refusal(kJane, "192.0.2.1"), Limit::pair) << "its failures are not forgotten";
  for (std::size_t i = 0; i < 1'000; ++i)
    ASSERT_TRUE(succeed("user" + std::to_string(i), address(i))) << "nobody is locked out";
}

TEST_F(AttemptLimitsTest, AThousandAddressesThatFloodChangeNothingForOthers) {
  fail(kJane, "192.0.2.1", 10);
  for (std::size_t from = 0; from < 1'000; ++from)
    for (unsigned i = 0; i < 6; ++i)
      fail("invented" + std::to_string(i) + address(from % 100), address(from), 10);
  EXPECT_EQ(refusal(kJane, "192.0.2.1"), Limit::pair);
  for (std::size_t i = 0; i < 1'000; ++i)
    ASSERT_TRUE(succeed("user" + std::to_string(i), "172.16.1." + std::to_string(i % 250)));
}

TEST_F(AttemptLimitsTest, ProcessesTogetherGetNoMoreGuesses) {
  const keys::SharedMemory made(sizeof(std::uint64_t));
  std::list<keys::Child> children;
  for (std::size_t child = 0; child < 4; ++child) {
    children.emplace_back([&, child] {
      for (int i = 0; i < 500; ++i)
        std::atomic_ref(made.words()[0]) +=
            fail(kJane, address((child + static_cast<std::size_t>(i)) % 20), 3);
      return true;
    });
  }
  for (keys::Child& child : children) EXPECT_TRUE(child.succeeded());
  EXPECT_LE(made.words()[0], AttemptLimits::kMaxOfUser);
  EXPECT_EQ(refusal(kJane, "192.0.2.1"), Limit::user);
}

TEST_F(AttemptLimitsTest, OneThatIsKilledHasFailed) {
  for (int i = 0; i < 10; ++i) {
    const keys::SharedMemory begun(sizeof(std::uint64_t));
    keys::Child child([&] {
      std::atomic_ref(begun.words()[0]) = begin(kJane, "192.0.2.1").has_value() ? 1 : 2;
      pause();
      return true;
    });
    while (std::atomic_ref(begun.words()[0]) == 0) sched_yield();
    child.kill_now();
    EXPECT_EQ(begun.words()[0], 1U);
  }
  EXPECT_EQ(refusal(kJane, "192.0.2.1"), Limit::pair);
}

}  // namespace
}  // namespace sfjwt::login
