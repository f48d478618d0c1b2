// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/key_choice.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

#include "tests/unit/core/fake_clock.h"

namespace sfjwt::keys {
namespace {

using namespace std::chrono_literals;
using Which = KeyChoice::Which;

// A server that takes one key, and counts what it is asked.
struct Server {
  std::atomic<Which> takes{Which::first};
  std::atomic<int> asked{0};
  std::atomic<int> refused{0};

  bool ask(Which key) {
    ++asked;
    if (key == takes) return true;
    ++refused;
    return false;
  }
};

bool fetch(KeyChoice& choice, Server& server) {
  KeyChoice::Turn turn(choice);
  bool taken = server.ask(turn.key());
  while (!taken && turn.refused()) taken = server.ask(turn.key());
  if (taken) turn.accepted();
  return taken;
}

class KeyChoiceTest : public ::testing::Test {
 protected:
  void both_are_refused() {
    KeyChoice::Turn turn(choice_);
    ASSERT_TRUE(turn.refused());
    ASSERT_FALSE(turn.refused());
  }

  FakeClock clock_;
  KeyChoice choice_{clock_, 60s};
  Server server_;
};

TEST_F(KeyChoiceTest, TheFirstKeyIsAskedWithAsLongAsItIsTaken) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(fetch(choice_, server_));
  EXPECT_EQ(server_.refused, 0);
}

TEST_F(KeyChoiceTest, AChangeAtTheServerCostsOneRefusedRequest) {
  EXPECT_TRUE(fetch(choice_, server_));
  server_.takes = Which::second;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(fetch(choice_, server_));
  EXPECT_EQ(server_.refused, 1);
  server_.takes = Which::first;  // and back
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(fetch(choice_, server_));
  EXPECT_EQ(server_.refused, 2);
}

TEST_F(KeyChoiceTest, WithAGoodKeyTheOtherIsLeftAloneForAWhileAfterBothWereRefused) {
  EXPECT_TRUE(fetch(choice_, server_));
  both_are_refused();
  {
    KeyChoice::Turn turn(choice_);
    EXPECT_EQ(turn.key(), Which::first);
    EXPECT_FALSE(turn.refused());
  }
  clock_.advance(11s);
  KeyChoice::Turn turn(choice_);
  EXPECT_TRUE(turn.refused());
}

TEST_F(KeyChoiceTest, WhileNoKeyWasEverTakenBothAreTriedEachTime) {
  both_are_refused();
  both_are_refused();
  server_.takes = Which::second;
  EXPECT_TRUE(fetch(choice_, server_));
}

TEST_F(KeyChoiceTest, WhoFindsNothingOutLeavesItToTheNext) {
  { const KeyChoice::Turn broken_off(choice_); }
  server_.takes = Which::second;
  EXPECT_TRUE(fetch(choice_, server_));
}

TEST_F(KeyChoiceTest, ColdCallersAtOneTimeCostOneRefusedRequestTogether) {
  server_.takes = Which::second;
  std::barrier start(16);
  std::atomic<int> fetched{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        if (fetch(choice_, server_)) ++fetched;
      });
    }
  }
  EXPECT_EQ(fetched, 16);
  EXPECT_EQ(server_.refused, 1);
}

TEST_F(KeyChoiceTest, NobodyWaitsLongerThanItsPatience) {
  KeyChoice choice(clock_, 20ms);
  const KeyChoice::Turn endless(choice);
  EXPECT_TRUE(fetch(choice, server_));
}

}  // namespace
}  // namespace sfjwt::keys
