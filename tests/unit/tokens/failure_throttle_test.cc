// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/failure_throttle.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/unit/core/fake_clock.h"

namespace sfjwt::tokens {
namespace {

using namespace std::chrono_literals;
using Refused = FailureThrottle::Refused;

class FailureThrottleTest : public ::testing::Test {
 protected:
  auto permit(std::uint64_t caller) { return throttle_.permit(caller, clock_.steady()); }
  // Of so many requests at the same moment, how many are sent and fail.
  int fail(std::uint64_t caller, int requests = 1) {
    std::vector<FailureThrottle::Permit> sent;
    for (int i = 0; i < requests; ++i)
      if (const auto given = permit(caller)) sent.push_back(*given);
    for (const auto& given : sent) throttle_.failed(given, clock_.steady());
    return static_cast<int>(sent.size());
  }
  void succeed(std::uint64_t caller) { throttle_.succeeded(*permit(caller), clock_.steady()); }
  // Callers of whom none failed before fail until one is not let through.
  void fail_from_everywhere() {
    for (int i = 0; i < 100 && fail(next_caller_++) == 1; ++i) {
    }
  }

  FakeClock clock_;
  std::uint64_t client_ = 0;
  std::vector<std::uint64_t> memory_ =
      std::vector<std::uint64_t>(CallerTable::kBytes / sizeof(std::uint64_t));
  FailureThrottle throttle_{client_, CallerTable(memory_.data()), "salt"};
  std::uint64_t next_caller_ = 1'000;
};

TEST_F(FailureThrottleTest, OfACallerWhoIsNotKnownYetAFewAreSentUntilOneSucceeds) {
  const auto first = permit(1);
  ASSERT_TRUE(first);
  for (int i = 1; i < 6; ++i) EXPECT_EQ(permit(1)->wait, 0ms);
  ASSERT_FALSE(permit(1));
  EXPECT_EQ(permit(1).error(), Refused::pending);
  throttle_.succeeded(*first, clock_.steady());
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(permit(1)->wait, 0ms);
}

TEST_F(FailureThrottleTest, OfACallerWhoIsNotKnownYetAFewAreSentHoweverLateTheirFailuresAre) {
  int sent = 0;
  for (int i = 0; i < 200; ++i) {
    clock_.advance(5ms);
    sent += permit(1).has_value();
  }
  EXPECT_LE(sent, 6 + 4);
}

TEST_F(FailureThrottleTest, AfterAFailureOnePerIntervalIsSentAndWhoseTurnIsNearWaits) {
  fail(1);
  for (int i = 1; i <= 7; ++i) {
    const auto given = permit(1);
    ASSERT_TRUE(given) << i;
    EXPECT_EQ(given->wait, i * FailureThrottle::kCallerInterval);
    client_ = 0;  // this is not about all callers together
  }
  ASSERT_FALSE(permit(1));
  EXPECT_EQ(permit(1).error(), Refused::caller);
}

TEST_F(FailureThrottleTest, InNoSecondMoreThanFiveFailuresOfOneCallerFollowTheFirst) {
  fail(1);
  for (int second = 0; second < 60; ++second) {
    int sent = 0;
    for (int i = 0; i < 200; ++i) {
      clock_.advance(5ms);
      sent += fail(1);
    }
    EXPECT_LE(sent, second == 0 ? 4 + 8 : 5) << second;  // at first, some wait for the next seconds
  }
}

TEST_F(FailureThrottleTest, WhatSucceedsIsAsIfItHadNotBeenSent) {
  fail(1);
  clock_.advance(2s);
  for (int i = 0; i < 100; ++i) {
    const auto given = permit(1);
    ASSERT_TRUE(given);
    EXPECT_EQ(given->wait, 0ms);
    throttle_.succeeded(*given, clock_.steady());
  }
}

TEST_F(FailureThrottleTest, ProbationEndsAMinuteAfterTheLastFailure) {
  fail(1);
  clock_.advance(30s);
  throttle_.succeeded(*permit(1), clock_.steady());
  clock_.advance(31s);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(permit(1)->wait, 0ms);
}

TEST_F(FailureThrottleTest, OneCallerDoesNotConcernTheOthersHoweverManyOfHisRequestsFail) {
  succeed(1);
  EXPECT_EQ(fail(1, 500), 500);
  succeed(2);
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(permit(2)->wait, 0ms);
    clock_.advance(5ms);
    fail(1);
  }
}

TEST_F(FailureThrottleTest, FailuresAtTheSameMomentAreNotHeldAgainstTheFuture) {
  succeed(1);
  EXPECT_EQ(fail(1, 500), 500);
  clock_.advance(6 * FailureThrottle::kCallerInterval);
  EXPECT_EQ(permit(1)->wait, 0ms);
}

TEST_F(FailureThrottleTest, FromManyCallersFewerThanFiveASecondAreSent) {
  fail_from_everywhere();
  int sent = 0;
  for (int i = 0; i < 60 * 200; ++i) {
    clock_.advance(5ms);
    sent += fail(next_caller_++);
  }
  EXPECT_LE(sent, 60 * 5);
  EXPECT_GE(sent, 60 * 3);
}

TEST_F(FailureThrottleTest, ACallerOnProbationLeavesAReserveToTheOthers) {
  for (std::uint64_t caller = 1; caller <= 4; ++caller) fail(caller);
  clock_.advance(1s);
  bool refused = false;
  for (int i = 0; i < 1'000 && !refused; ++i) {
    const auto given = permit(1 + static_cast<std::uint64_t>(i) % 4);
    refused = !given && given.error() == Refused::client;
  }
  EXPECT_TRUE(refused);
  succeed(100);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(permit(100)->wait, 0ms);
}

TEST_F(FailureThrottleTest, WhoGetsRidOfHisFailuresHasWaitedForIt) {
  fail(1);
  for (int i = 0; i < 60 * 20; ++i) {
    clock_.advance(5ms);
    fail(next_caller_++);  // to have his entry evicted
  }
  fail(1, 20);
  EXPECT_FALSE(permit(1));
}

TEST_F(FailureThrottleTest, ObjectsOfOneMemoryCountTogether) {
  fail(1, 20);
  const FailureThrottle other(client_, CallerTable(memory_.data()), "salt");
  EXPECT_EQ(other.permit(1, clock_.steady())->wait, 6 * FailureThrottle::kCallerInterval);
}

TEST_F(FailureThrottleTest, NumbersThatCannotBeAreTakenForNone) {
  fail(1);
  for (std::uint64_t& word : memory_)
    if (word != 0 && word != 1) word = ~std::uint64_t{0};
  client_ = ~std::uint64_t{0};
  EXPECT_EQ(permit(1)->wait, 0ms);
  EXPECT_EQ(permit(2)->wait, 0ms);
}

TEST_F(FailureThrottleTest, WithoutMemoryThereIsNoLimit) {
  const FailureThrottle none;
  for (int i = 0; i < 1'000; ++i) {
    const auto given = none.permit(1, clock_.steady());
    ASSERT_TRUE(given);
    none.failed(*given, clock_.steady());
  }
}

class CallerTableTest : public ::testing::Test {
 protected:
  using Steady = FailureDebt::Steady;

  std::vector<std::uint64_t> memory_ =
      std::vector<std::uint64_t>(CallerTable::kBytes / sizeof(std::uint64_t));
  CallerTable callers_{memory_.data()};
  Steady now_{1'000s};
};

TEST_F(CallerTableTest, TheOneWithTheLeastDebtGoesWhenASetIsFull) {
  for (std::uint64_t i = 1; i <= CallerTable::kWays; ++i)
    static_cast<void>(callers_.find_or_add(i * CallerTable::kSets)
                          .debt()
                          .reserve(now_, std::chrono::milliseconds(i == 3 ? 10 : 1'000), 0ms));
  static_cast<void>(callers_.find_or_add(99 * CallerTable::kSets).debt().reserve(now_, 500ms, 0ms));
  for (std::uint64_t i = 1; i <= CallerTable::kWays; ++i)
    EXPECT_EQ(callers_.find(i * CallerTable::kSets).has_value(), i != 3) << i;
  EXPECT_TRUE(callers_.find(99 * CallerTable::kSets));
}

TEST_F(CallerTableTest, SeveralThreadsMayUseASetAndNoFailureIsLost) {
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t thread = 0; thread < 6; ++thread) {
      threads.emplace_back([&] {
        for (std::uint64_t i = 1; i <= CallerTable::kWays - 2; ++i)
          while (!callers_.find_or_add(i * CallerTable::kSets).debt().reserve(now_, 100ms, 10s)) {
          }
      });
    }
  }
  for (std::uint64_t i = 1; i <= CallerTable::kWays - 2; ++i)
    EXPECT_LE(callers_.find_or_add(i * CallerTable::kSets).debt().debt(now_), 600ms);
}

TEST_F(CallerTableTest, AnyThreadMayMakeAndEvictEntriesAtAnyTime) {
  std::vector<std::jthread> threads;
  for (std::uint64_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::uint64_t i = 0; i < 2'000; ++i) {
        const std::uint64_t caller = (1 + (i * 7 + thread) % 40) * CallerTable::kSets;
        const auto made = callers_.find_or_add(caller).debt().reserve(now_, 10ms, 5s);
        if (const auto found = callers_.find(caller); found && made) found->debt().cancel(*made);
      }
    });
  }
}

class FailureDebtTest : public ::testing::Test {
 protected:
  FailureDebt::Steady now_{1'000s};
  std::uint64_t word_ = 0;
  FailureDebt debt_{word_};
};

TEST_F(FailureDebtTest, WhatIsCancelledLeavesNoTraceWhenNobodyHasReservedSince) {
  word_ = 700'000;
  debt_.cancel(*debt_.reserve(now_, 250ms, 0ms));
  EXPECT_EQ(word_, 700'000U);
}

TEST_F(FailureDebtTest, WhatIsCancelledLeavesTheLaterOnes) {
  const auto first = debt_.reserve(now_, 250ms, 0ms);
  ASSERT_TRUE(debt_.reserve(now_, 300ms, 1s));
  debt_.cancel(*first);
  EXPECT_EQ(debt_.debt(now_), 300ms);
}

TEST_F(FailureDebtTest, NoReservationOfSeveralThreadsIsLost) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 5; ++i)
      threads.emplace_back([&] {
        for (int j = 0; j < 10; ++j) static_cast<void>(debt_.reserve(now_, 100ms, 9s));
      });
  }
  EXPECT_EQ(debt_.debt(now_), 5s);
}

}  // namespace
}  // namespace sfjwt::tokens
