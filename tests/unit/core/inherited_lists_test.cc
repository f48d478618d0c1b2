// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/inherited_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <vector>

namespace sfjwt {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Names = std::vector<std::string>;
using Lists = InheritedLists<Names>;
static_assert(std::is_trivially_destructible_v<Lists> && std::is_trivially_copyable_v<Lists>);

Lists of(const Names& names) {
  Lists lists;
  lists.set_own(&names);
  return lists;
}

Lists merged(Lists outer, const Lists& inner) {
  outer.add(inner);
  return outer;
}

const Names kOuter{"a", "b"};
const Names kInner{"c"};
const Names kInnermost{"d"};

TEST(InheritedLists, AddUpOutermostFirst) {
  EXPECT_THAT(merged(of(kOuter), of(kInner)).all(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(merged(of(kOuter), Lists()).all(), ElementsAre("a", "b"));
  EXPECT_THAT(merged(Lists(), of(kInner)).all(), ElementsAre("c"));
  EXPECT_THAT(merged(Lists(), Lists()).all(), IsEmpty());
}

TEST(InheritedLists, AreTheSameInWhateverOrderTheyAreMerged) {
  for (const bool first_clears : {false, true}) {
    for (const bool second_clears : {false, true}) {
      Lists first = of(kInner);
      Lists second = of(kInnermost);
      if (first_clears) first.clear_inherited();
      if (second_clears) second.clear_inherited();
      EXPECT_EQ(merged(merged(of(kOuter), first), second), merged(of(kOuter), merged(first, second)));
    }
  }
}

TEST(InheritedLists, AreClearedByAnInnerSectionAndNotByAnOuterOne) {
  Lists clearing = of(kInner);
  clearing.clear_inherited();
  EXPECT_THAT(merged(of(kOuter), clearing).all(), ElementsAre("c"));
  EXPECT_THAT(merged(clearing, of(kInnermost)).all(), ElementsAre("c", "d"));
}

TEST(InheritedLists, TakeEachListOnce) {
  EXPECT_EQ(merged(of(kOuter), of(kOuter)), of(kOuter));
}

TEST(InheritedLists, AreEqualWhenMadeOfTheSameLists) {
  const Names same_words = kOuter;
  Lists clearing = of(kOuter);
  clearing.clear_inherited();
  for (const Lists& other : {Lists(), of(kInner), of(same_words), clearing, merged(of(kOuter), of(kInner))}) {
    EXPECT_NE(other, of(kOuter));
    EXPECT_NE(other < of(kOuter), of(kOuter) < other);
  }
  EXPECT_EQ(merged(of(kOuter), of(kInner)), merged(of(kOuter), of(kInner)));
  EXPECT_NE(merged(of(kOuter), of(kInner)), merged(of(kInner), of(kOuter)));
}

TEST(InheritedLists, SayWhenOneOfThemHasNoRoom) {
  const std::vector<Names> many(Lists::kMaxLists + 1, kInner);
  Lists lists;
  for (std::size_t i = 0; i < Lists::kMaxLists; ++i) lists.add(of(many[i]));
  EXPECT_FALSE(lists.too_many());
  lists.add(of(many[0]));
  EXPECT_FALSE(lists.too_many());
  lists.add(of(many[Lists::kMaxLists]));
  EXPECT_TRUE(lists.too_many());
  EXPECT_TRUE(merged(of(kOuter), lists).too_many());
}

}  // namespace
}  // namespace sfjwt
