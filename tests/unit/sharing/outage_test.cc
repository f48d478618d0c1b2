// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/sharing/outage.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace sfjwt::sharing {
namespace {

using namespace std::chrono_literals;

constexpr Outage::Steady kStart{1'000s};

TEST(Outage, WithoutOneEverybodyMayTry) {
  Outage outage;
  EXPECT_TRUE(outage.may_try(kStart) && outage.may_try(kStart));
  EXPECT_FALSE(outage.worked());
}

TEST(Outage, AfterAFailureNobodyTriesForFiveSeconds) {
  Outage outage;
  EXPECT_TRUE(outage.failed(kStart));
  EXPECT_FALSE(outage.may_try(kStart));
  EXPECT_FALSE(outage.may_try(kStart + 4999ms));
  EXPECT_TRUE(outage.may_try(kStart + 5s));
}

TEST(Outage, ThenOneCallerTries) {
  Outage outage;
  outage.failed(kStart);
  std::atomic<int> tries{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) callers.emplace_back([&] { tries += outage.may_try(kStart + 6s) ? 1 : 0; });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(tries, 1);
}

TEST(Outage, BeginsAndEndsOnce) {
  Outage outage;
  EXPECT_TRUE(outage.failed(kStart));
  EXPECT_FALSE(outage.failed(kStart + 5s));
  EXPECT_TRUE(outage.worked());
  EXPECT_FALSE(outage.worked());
  EXPECT_TRUE(outage.failed(kStart + 6s));
}

TEST(Outage, WhatTellsNothingNeitherBeginsNorEndsOne) {
  Outage outage;
  outage.unclear(kStart);
  EXPECT_TRUE(outage.may_try(kStart));
  outage.failed(kStart);
  EXPECT_TRUE(outage.may_try(kStart + 5s));
  outage.unclear(kStart + 5s);
  EXPECT_TRUE(outage.may_try(kStart + 5s));
  EXPECT_TRUE(outage.worked());
}

}  // namespace
}  // namespace sfjwt::sharing
