// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/waiting_places.h"

#include <gtest/gtest.h>

#include <array>

namespace sfjwt::login {
namespace {

using namespace std::chrono_literals;

constexpr WaitingPlaces::Steady kNow{1h};

struct WaitingPlacesTest : ::testing::Test {
  std::array<std::uint64_t, WaitingPlaces::kMost> memory{};
  WaitingPlaces places{reinterpret_cast<std::byte*>(memory.data())};
};

TEST_F(WaitingPlacesTest, AreLimited) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(places.take(3, kNow, kNow + 500ms));
  EXPECT_FALSE(places.take(3, kNow, kNow + 500ms));
  EXPECT_TRUE(places.take(4, kNow, kNow + 500ms));
}

TEST_F(WaitingPlacesTest, BecomeFreeByThemselves) {
  EXPECT_TRUE(places.take(1, kNow, kNow + 500ms));
  EXPECT_FALSE(places.take(1, kNow + 499ms, kNow + 999ms));
  EXPECT_TRUE(places.take(1, kNow + 500ms, kNow + 1s));
}

TEST_F(WaitingPlacesTest, AreNeverMoreThanThereIsMemoryFor) {
  for (std::size_t i = 0; i < WaitingPlaces::kMost; ++i)
    EXPECT_TRUE(places.take(1'000'000, kNow, kNow + 500ms));
  EXPECT_FALSE(places.take(1'000'000, kNow, kNow + 500ms));
}

}  // namespace
}  // namespace sfjwt::login
