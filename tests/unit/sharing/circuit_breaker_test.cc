// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/sharing/circuit_breaker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace sfjwt::sharing {
namespace {

using namespace std::chrono_literals;

constexpr CircuitBreaker::Steady kStart{1'000s};

TEST(CircuitBreaker, WithoutAFailureEverybodyMayTry) {
  CircuitBreaker breaker;
  EXPECT_TRUE(breaker.may_try(kStart) && breaker.may_try(kStart));
  EXPECT_FALSE(breaker.worked());
}

TEST(CircuitBreaker, AfterAFailureNobodyTriesForFiveSeconds) {
  CircuitBreaker breaker;
  EXPECT_TRUE(breaker.failed(kStart));
  EXPECT_FALSE(breaker.may_try(kStart));
  EXPECT_FALSE(breaker.may_try(kStart + 4999ms));
  EXPECT_TRUE(breaker.may_try(kStart + 5s));
}

TEST(CircuitBreaker, ThenOneCallerTries) {
  CircuitBreaker breaker;
  breaker.failed(kStart);
  std::atomic<int> tries{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) callers.emplace_back([&] { tries += breaker.may_try(kStart + 6s) ? 1 : 0; });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(tries, 1);
}

TEST(CircuitBreaker, OpensAndClosesOnce) {
  CircuitBreaker breaker;
  EXPECT_TRUE(breaker.failed(kStart));
  EXPECT_FALSE(breaker.failed(kStart + 5s));
  EXPECT_TRUE(breaker.worked());
  EXPECT_FALSE(breaker.worked());
  EXPECT_TRUE(breaker.failed(kStart + 6s));
}

TEST(CircuitBreaker, WhatTellsNothingNeitherOpensNorClosesIt) {
  CircuitBreaker breaker;
  breaker.unclear(kStart);
  EXPECT_TRUE(breaker.may_try(kStart));
  breaker.failed(kStart);
  EXPECT_TRUE(breaker.may_try(kStart + 5s));
  breaker.unclear(kStart + 5s);
  EXPECT_TRUE(breaker.may_try(kStart + 5s));
  EXPECT_TRUE(breaker.worked());
}

}  // namespace
}  // namespace sfjwt::sharing
