// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/buffer_budget.h"

#include <gtest/gtest.h>

#include <thread>
#include <utility>
#include <vector>

namespace sfjwt {
namespace {

constexpr std::uint64_t kJane = 0x1234567890abcdef;
constexpr std::uint64_t kJoe = 0xfedcba0987654321;
constexpr std::uint64_t kKim = 0x0123456701234567;

struct Budget : BufferBudget {
  explicit Budget(std::size_t limit) { set_limit(limit); }
};

TEST(BufferBudget, ACallerHoldsAtMostHalf) {
  Budget budget(100);
  BufferReservation first(budget, kJane);
  BufferReservation second(budget, kJane);
  EXPECT_TRUE(first.grow_to(30));
  EXPECT_FALSE(second.grow_to(21));
  EXPECT_TRUE(second.grow_to(20));
  EXPECT_FALSE(first.grow_to(31));
  EXPECT_EQ(budget.held(), 50U);
}

TEST(BufferBudget, AllTogetherHoldNoMoreThanTheLimit) {
  Budget budget(100);
  BufferReservation jane(budget, kJane);
  BufferReservation joe(budget, kJoe);
  BufferReservation kim(budget, kKim);
  EXPECT_TRUE(jane.grow_to(50));
  EXPECT_TRUE(joe.grow_to(49));
  EXPECT_FALSE(kim.grow_to(2));
  EXPECT_TRUE(kim.grow_to(1));
  EXPECT_EQ(budget.held(), 100U);
}

TEST(BufferBudget, WhatIsRefusedTakesNothing) {
  Budget budget(100);
  BufferReservation jane(budget, kJane);
  EXPECT_FALSE(jane.grow_to(51));
  EXPECT_FALSE(jane.grow_to(std::numeric_limits<std::size_t>::max()));
  EXPECT_EQ(budget.held(), 0U);
  EXPECT_TRUE(jane.grow_to(50));
}

TEST(BufferBudget, AShareIsGivenBackOnce) {
  Budget budget(100);
  {
    BufferReservation jane(budget, kJane);
    ASSERT_TRUE(jane.grow_to(40));
    jane.release();
    EXPECT_EQ(budget.held(), 0U);
    ASSERT_TRUE(jane.grow_to(10));
    BufferReservation moved(std::move(jane));
    EXPECT_EQ(moved.bytes(), 10U);
    BufferReservation assigned(budget, kJoe);
    ASSERT_TRUE(assigned.grow_to(5));
    assigned = std::move(moved);
    EXPECT_EQ(budget.held(), 10U);
  }
  EXPECT_EQ(budget.held(), 0U);
}

TEST(BufferBudget, AShareDoesNotShrinkWhenLessIsWanted) {
  Budget budget(100);
  BufferReservation jane(budget, kJane);
  ASSERT_TRUE(jane.grow_to(40));
  EXPECT_TRUE(jane.grow_to(10));
  EXPECT_EQ(jane.bytes(), 40U);
}

TEST(BufferBudget, AReservationWithoutOneGrantsEverything) {
  BufferReservation free;
  EXPECT_TRUE(free.grow_to(1U << 30));
}

TEST(BufferBudget, CallersThatShareOneCounterDoNotCountForEachOther) {
  Budget budget(100);
  BufferReservation jane(budget, 7);
  BufferReservation joe(budget, 7 + 1024 * 5);  // the same place in the first row alone
  EXPECT_TRUE(jane.grow_to(50));
  EXPECT_TRUE(joe.grow_to(50));
}

TEST(BufferBudget, ThreadsNeverHoldMoreThanTheLimitAndLeaveNothing) {
  Budget budget(1000);
  std::vector<std::thread> threads;
  std::atomic<bool> exceeded{false};
  std::atomic<std::size_t> granted{0};
  for (std::uint64_t caller = 1; caller <= 8; ++caller) {
    threads.emplace_back([&budget, &exceeded, &granted, caller] {
      for (int i = 0; i < 20000; ++i) {
        BufferReservation share(budget, caller * 0x9e3779b97f4a7c15U);
        const std::size_t wanted = 100 + static_cast<std::size_t>(i % 7) * 50;
        if (!share.grow_to(wanted)) continue;
        if (granted.fetch_add(wanted) + wanted > 1000) exceeded = true;
        granted -= wanted;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(exceeded);
  EXPECT_EQ(budget.held(), 0U);
}

}  // namespace
}  // namespace sfjwt
