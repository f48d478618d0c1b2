// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/recent_map.h"

#include <gtest/gtest.h>

#include <string>

namespace sfjwt::oauth {
namespace {

using Map = RecentMap<int, std::string, std::hash<int>>;

TEST(RecentMap, ForgetsWhatWasUsedLongestAgo) {
  Map map(2);
  map.put(1, "a");
  map.put(2, "b");
  EXPECT_NE(map.find(1), nullptr);
  map.put(3, "c");
  EXPECT_EQ(map.find(2), nullptr);
  EXPECT_EQ(*map.find(1), "a");
  EXPECT_EQ(*map.find(3), "c");
}

TEST(RecentMap, PuttingAgainReplacesAndForgetsNothing) {
  Map map(2);
  map.put(1, "a");
  map.put(2, "b");
  map.put(1, "A");
  EXPECT_EQ(*map.find(1), "A");
  EXPECT_EQ(*map.find(2), "b");
}

TEST(RecentMap, ErasedIsGoneAndLeavesItsPlace) {
  Map map(1);
  map.put(1, "a");
  map.erase(1);
  map.erase(7);
  EXPECT_EQ(map.find(1), nullptr);
  map.put(2, "b");
  EXPECT_EQ(*map.find(2), "b");
}

}  // namespace
}  // namespace sfjwt::oauth
