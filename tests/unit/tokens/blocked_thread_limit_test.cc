// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/blocked_thread_limit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <list>
#include <thread>
#include <vector>

namespace sfjwt::tokens {
namespace {

std::list<BlockedThreadLimit::Slot> stays(BlockedThreadLimit& room, int count) {
  std::list<BlockedThreadLimit::Slot> made;
  for (int i = 0; i < count; ++i) made.emplace_back(room);
  return made;
}

TEST(BlockedThreadLimit, WithoutTroubleEverybodyMayWait) {
  BlockedThreadLimit room;
  room.set_threads(8);
  for (auto all = stays(room, 8); auto& stay : all) EXPECT_TRUE(stay.may_wait(false));
}

TEST(BlockedThreadLimit, InTroubleHalfOfTheThreadsMayComeIn) {
  BlockedThreadLimit room;
  room.set_threads(8);
  int waiting = 0;
  for (auto all = stays(room, 8); auto& stay : all) waiting += stay.may_wait(true);
  EXPECT_EQ(waiting, 4);
}

TEST(BlockedThreadLimit, WhenTroubleBeginsHalfOfTheThreadsStay) {
  BlockedThreadLimit room;
  room.set_threads(8);
  auto all = stays(room, 7);
  for (auto& stay : all) ASSERT_TRUE(stay.may_wait(false));
  int waiting = 0;
  for (auto& stay : all) waiting += stay.may_wait(true);
  EXPECT_EQ(waiting, 4);
  for (auto& stay : all) waiting -= stay.may_wait(true);
  EXPECT_EQ(waiting, 0);
}

TEST(BlockedThreadLimit, WhoLeavesMakesRoom) {
  BlockedThreadLimit room;
  room.set_threads(2);
  for (int round = 0; round < 3; ++round) {
    BlockedThreadLimit::Slot stay(room);
    EXPECT_TRUE(stay.may_wait(true));
    EXPECT_TRUE(stay.may_wait(true));
    EXPECT_FALSE(BlockedThreadLimit::Slot(room).may_wait(true));
  }
}

TEST(BlockedThreadLimit, OneThreadMayAlwaysWait) {
  BlockedThreadLimit room;
  for (const std::size_t threads : {0U, 1U}) {
    room.set_threads(threads);
    EXPECT_TRUE(BlockedThreadLimit::Slot(room).may_wait(true));
  }
}

TEST(BlockedThreadLimit, ThreadsThatComeAndGoAtOnceNeverExceedIt) {
  BlockedThreadLimit room;
  room.set_threads(4);
  std::atomic<int> inside{0};
  std::atomic<bool> exceeded{false};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20'000; ++round) {
        BlockedThreadLimit::Slot stay(room);
        if (!stay.may_wait(true)) continue;
        if (++inside > 2) exceeded = true;
        --inside;
      }
    });
  }
  threads.clear();
  EXPECT_FALSE(exceeded);
}

}  // namespace
}  // namespace sfjwt::tokens
