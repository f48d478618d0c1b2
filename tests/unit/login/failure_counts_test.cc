// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/failure_counts.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <list>
#include <vector>

#include "tests/unit/keys/processes.h"

namespace sfjwt::login {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kWidth = 1'024;
constexpr std::uint64_t kNow = 50;

class FailureCountsTest : public ::testing::Test {
 protected:
  keys::Digest named(std::size_t number) const { return hash_.of({std::to_string(number)}); }
  // Of so many attempts, how many are counted.
  unsigned add(std::size_t name, std::uint64_t window, unsigned attempts, unsigned limit = 10) const {
    unsigned added = 0;
    for (unsigned i = 0; i < attempts; ++i) added += counts_.add(named(name), window, limit);
    return added;
  }
  unsigned count(std::size_t name, std::uint64_t window) const { return counts_.count(named(name), window); }

  keys::SharedMemory memory_{FailureCounts::bytes(kWidth)};
  keys::SaltedDigest hash_{"salt"};
  FailureCounts counts_{reinterpret_cast<std::byte*>(memory_.words()), kWidth};
};

TEST_F(FailureCountsTest, CountsUpToTheLimitAndNoFurther) {
  EXPECT_EQ(add(1, kNow, 15), 10U);
  EXPECT_EQ(count(1, kNow), 10U);
  EXPECT_EQ(count(2, kNow), 0U);
}

TEST_F(FailureCountsTest, ForgetsNothingWithinAMinuteAndAllWithin80Seconds) {
  const auto begin = FailureCounts::Steady{} + 1'000s;
  add(1, FailureCounts::window_of(begin + 19s), 3);
  EXPECT_EQ(count(1, FailureCounts::window_of(begin + 79s)), 3U);
  EXPECT_EQ(count(1, FailureCounts::window_of(begin + 80s)), 0U);
  EXPECT_EQ(count(1, FailureCounts::window_of(begin + 100'000h)), 0U);
}

TEST_F(FailureCountsTest, InNoMinuteAreThereMoreThanTheLimit) {
  std::vector<unsigned> in_window;
  for (std::uint64_t window = kNow; window < kNow + 100; ++window) {
    in_window.push_back(add(1, window, static_cast<unsigned>(1 + window * 7 % 9)));
    unsigned last = 0;
    for (std::size_t i = in_window.size(); i > 0 && i + 4 > in_window.size(); --i) last += in_window[i - 1];
    EXPECT_LE(last, 10U);
  }
}

TEST_F(FailureCountsTest, ARemovedOneMakesPlaceForAnother) {
  add(1, kNow, 10);
  counts_.remove(named(1), kNow);
  EXPECT_EQ(count(1, kNow), 9U);
  EXPECT_EQ(add(1, kNow, 5), 1U);
}

TEST_F(FailureCountsTest, ARemovedOneIsTakenFromItsWindow) {
  add(1, kNow, 4);
  add(1, kNow + 3, 2);
  counts_.remove(named(1), kNow);
  EXPECT_EQ(count(1, kNow + 3), 5U);
  EXPECT_EQ(count(1, kNow + 4), 2U);
  counts_.remove(named(1), kNow);
  counts_.remove(named(1), kNow - 100);
  EXPECT_EQ(count(1, kNow + 4), 2U) << "windows that are over";
}

TEST_F(FailureCountsTest, NeverCountsBelowZero) {
  counts_.remove(named(1), kNow);
  add(1, kNow, 1);
  counts_.remove(named(1), kNow);
  counts_.remove(named(1), kNow);
  EXPECT_EQ(count(1, kNow), 0U);
  EXPECT_EQ(add(1, kNow, 20), 10U);
}

// Two threads may have read the clock on both sides of a change of windows.
TEST_F(FailureCountsTest, AnAttemptOfTheWindowBeforeIsCounted) {
  add(1, kNow, 5);
  EXPECT_EQ(add(1, kNow - 1, 10), 5U);
  EXPECT_EQ(count(1, kNow + 3), 5U);
}

TEST_F(FailureCountsTest, AFullCountStaysFull) {
  std::uint64_t* const words = memory_.words();
  for (std::size_t i = 0; i < FailureCounts::kRows * kWidth; ++i) words[i] = kNow << 36 | 511;
  EXPECT_EQ(add(1, kNow, 1, 1'000), 1U);
  for (int i = 0; i < 600; ++i) counts_.remove(named(1), kNow);
  EXPECT_EQ(count(1, kNow), 511U);
  EXPECT_EQ(count(1, kNow + 4), 0U);
}

TEST_F(FailureCountsTest, AnotherNameIsCountedTooHighOnlyByChance) {
  for (std::size_t name = 0; name < kWidth; ++name) add(name, kNow, 10);
  unsigned wrong = 0;
  for (std::size_t name = kWidth; name < 3 * kWidth; ++name) wrong += count(name, kNow) >= 10;
  EXPECT_LT(wrong, 2 * kWidth / 20) << "about (1 - 1/e)^8 of them at this load";
  for (std::size_t name = 0; name < kWidth; ++name) EXPECT_GE(count(name, kNow), 10U) << "never too low";
}

// Two processes add the same name at the same moment, one name after the other.
TEST_F(FailureCountsTest, ProcessesTogetherGetNoMoreThanTheLimit) {
  constexpr std::size_t kNames = 5'000;
  const keys::SharedMemory shared((1 + kNames) * sizeof(std::uint64_t));
  const std::atomic_ref ready(shared.words()[0]);
  const auto add_all = [&] {
    for (std::size_t name = 1; name <= kNames; ++name) {
      const keys::Digest digest = named(name);
      ++ready;
      for (int look = 1; ready < 2 * name; ++look)
        if (look % 10'000 == 0) sched_yield();  // the other has no processor
      if (counts_.add(digest, kNow, 1)) ++std::atomic_ref(shared.words()[name]);
    }
    return true;
  };
  keys::Child one(add_all);
  keys::Child other(add_all);
  EXPECT_TRUE(one.succeeded());
  EXPECT_TRUE(other.succeeded());
  for (std::size_t name = 1; name <= kNames; ++name) EXPECT_LE(shared.words()[name], 1U) << name;
}

TEST_F(FailureCountsTest, ProcessesThatAddAndRemoveLeaveNothingBehind) {
  std::list<keys::Child> children;
  for (int i = 0; i < 3; ++i) {
    children.emplace_back([&] {
      for (int round = 0; round < 20'000; ++round)
        if (counts_.add(named(1), kNow, 2)) counts_.remove(named(1), kNow);
      return true;
    });
  }
  for (keys::Child& child : children) EXPECT_TRUE(child.succeeded());
  EXPECT_EQ(count(1, kNow), 0U);
}

}  // namespace
}  // namespace sfjwt::login
