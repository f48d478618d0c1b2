// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/floating_point.h"

#include <gtest/gtest.h>

#include <iterator>

namespace sfjwt::schema {
namespace {

TEST(FloatingPoint, TextsOfOneValueAreEqual) {
  for (const char* one : {"1", "+1", "1.", "01.0", "10e-1", "0.1E+1", "1e0", "1e000", ".1e1"}) {
    EXPECT_TRUE(compare_doubles(one, "1") == 0) << one;
    EXPECT_TRUE(compare_floats(one, "1") == 0) << one;
  }
  EXPECT_TRUE(compare_doubles("-0", "0") == 0);
}

TEST(FloatingPoint, AreOrderedByValueUpToInfinity) {
  const char* ascending[] = {"-INF",  "-1e400", "-1e3", "-1.5", "-1e-400",
                             "1e-30", "1.5",    "1e3",  "1e30", "INF"};
  for (std::size_t i = 1; i < std::size(ascending); ++i) {
    EXPECT_TRUE(compare_doubles(ascending[i - 1], ascending[i]) <= 0) << ascending[i];
    EXPECT_TRUE(compare_doubles(ascending[i], ascending[i - 1]) >= 0) << ascending[i];
  }
  EXPECT_TRUE(compare_doubles("1.5", "1.6") < 0);
  EXPECT_TRUE(compare_doubles("-1.5", "-1.6") > 0);
}

TEST(FloatingPoint, BeyondTheRangeIsInfinityOrZero) {
  for (const char* large : {"1e400", "9e99999999999999999999", "+100e398", "0.0001e500"})
    EXPECT_TRUE(compare_doubles(large, "INF") == 0) << large;
  for (const char* small : {"1e-400", "1e-99999999999999999999", "0.0001e-398", "-1e-400", "100e-500"})
    EXPECT_TRUE(compare_doubles(small, "0") == 0) << small;
  EXPECT_TRUE(compare_doubles("-1e400", "-INF") == 0);
  EXPECT_TRUE(compare_floats("1e40", "INF") == 0);
  EXPECT_TRUE(compare_floats("1e-60", "0") == 0);
}

TEST(FloatingPoint, FloatsHaveTwentyFourBits) {
  EXPECT_TRUE(compare_floats("16777217", "16777216") == 0);
  EXPECT_TRUE(compare_doubles("16777217", "16777216") > 0);
}

TEST(FloatingPoint, NotANumberIsComparableToNothing) {
  EXPECT_TRUE(compare_doubles("NaN", "NaN") == std::partial_ordering::unordered);
  EXPECT_TRUE(compare_doubles("NaN", "1") == std::partial_ordering::unordered);
  EXPECT_TRUE(compare_floats("INF", "NaN") == std::partial_ordering::unordered);
}

}  // namespace
}  // namespace sfjwt::schema
