// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/waiting_room.h"

#include <gtest/gtest.h>

#include <atomic>
#include <list>
#include <thread>
#include <vector>

namespace sfjwt::tokens {
namespace {

std::list<WaitingRoom::Stay> stays(WaitingRoom& room, int count) {
  std::list<WaitingRoom::Stay> made;
  for (int i = 0; i < count; ++i) made.emplace_back(room);
  return made;
}

TEST(WaitingRoom, WithoutTroubleEverybodyMayWait) {
  WaitingRoom room;
  room.set_threads(8);
  for (auto all = stays(room, 8); auto& stay : all) EXPECT_TRUE(stay.may_wait(false));
}

TEST(WaitingRoom, InTroubleHalfOfTheThreadsMayComeIn) {
  WaitingRoom room;
  room.set_threads(8);
  int waiting = 0;
  for (auto all = stays(room, 8); auto& stay : all) waiting += stay.may_wait(true);
  EXPECT_EQ(waiting, 4);
}

TEST(WaitingRoom, WhenTroubleBeginsHalfOfTheThreadsStay) {
  WaitingRoom room;
  room.set_threads(8);
  auto all = stays(room, 7);
  for (auto& stay : all) ASSERT_TRUE(stay.may_wait(false));
  int waiting = 0;
  for (auto& stay : all) waiting += stay.may_wait(true);
  EXPECT_EQ(waiting, 4);
  for (auto& stay : all) waiting -= stay.may_wait(true);
  EXPECT_EQ(waiting, 0);
}

TEST(WaitingRoom, WhoLeavesMakesRoom) {
  WaitingRoom room;
  room.set_threads(2);
  for (int round = 0; round < 3; ++round) {
    WaitingRoom::Stay stay(room);
    EXPECT_TRUE(stay.may_wait(true));
    EXPECT_TRUE(stay.may_wait(true));
    EXPECT_FALSE(WaitingRoom::Stay(room).may_wait(true));
  }
}

TEST(WaitingRoom, OneThreadMayAlwaysWait) {
  WaitingRoom room;
  for (const std::size_t threads : {0U, 1U}) {
    room.set_threads(threads);
    EXPECT_TRUE(WaitingRoom::Stay(room).may_wait(true));
  }
}

TEST(WaitingRoom, ThreadsThatComeAndGoAtOnceNeverExceedIt) {
  WaitingRoom room;
  room.set_threads(4);
  std::atomic<int> inside{0};
  std::atomic<bool> exceeded{false};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20'000; ++round) {
        WaitingRoom::Stay stay(room);
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
