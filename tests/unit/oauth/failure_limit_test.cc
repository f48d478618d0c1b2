// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/failure_limit.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/unit/oauth/fake_clock.h"

namespace sfjwt::oauth {
namespace {

using namespace std::chrono_literals;

class FailureLimitTest : public ::testing::Test {
 protected:
  void fail(int times) {
    for (int i = 0; i < times; ++i) limit_.spend(clock_.steady());
  }
  bool exhausted() const { return limit_.exhausted(clock_.steady()); }

  FakeClock clock_;
  std::uint64_t word_ = 0;
  FailureLimit limit_{word_};
};

TEST_F(FailureLimitTest, ABurstIsFree) {
  fail(FailureLimit::kBurst - 1);
  EXPECT_FALSE(exhausted());
  fail(1);
  EXPECT_TRUE(exhausted());
}

TEST_F(FailureLimitTest, ThenOneASecondMayFail) {
  fail(FailureLimit::kBurst);
  for (int second = 0; second < 5; ++second) {
    clock_.advance(999ms);
    EXPECT_TRUE(exhausted());
    clock_.advance(1ms);
    EXPECT_FALSE(exhausted());
    fail(1);
  }
}

TEST_F(FailureLimitTest, FailuresAtTheSameMomentAreNotHeldAgainstTheFuture) {
  fail(10'000);
  clock_.advance(1s);
  EXPECT_FALSE(exhausted());
}

TEST_F(FailureLimitTest, ObjectsOfOneNumberCountTogether) {
  fail(FailureLimit::kBurst);
  EXPECT_TRUE(FailureLimit(word_).exhausted(clock_.steady()));
}

TEST_F(FailureLimitTest, ANumberThatCannotBeIsTakenForNone) {
  word_ = ~std::uint64_t{0};
  EXPECT_FALSE(exhausted());
  fail(FailureLimit::kBurst);
  EXPECT_TRUE(exhausted());
}

TEST_F(FailureLimitTest, WithoutANumberThereIsNoLimit) {
  const FailureLimit none;
  for (int i = 0; i < 2 * FailureLimit::kBurst; ++i) none.spend(clock_.steady());
  EXPECT_FALSE(none.exhausted(clock_.steady()));
}

TEST_F(FailureLimitTest, NoFailureOfSeveralThreadsIsLost) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) threads.emplace_back([&] { fail(FailureLimit::kBurst / 6); });
  }
  EXPECT_TRUE(exhausted());
}

}  // namespace
}  // namespace sfjwt::oauth
