// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/decimal.h"

#include <gtest/gtest.h>

namespace sfjwt::schema {
namespace {

TEST(Decimals, AreComparedByValue) {
  EXPECT_EQ(compare_decimals("1.0", "+01"), 0);
  EXPECT_EQ(compare_decimals("-0", "0"), 0);
  EXPECT_LT(compare_decimals("-2", "-1"), 0);
  EXPECT_LT(compare_decimals("9", "10"), 0);
  EXPECT_GT(compare_decimals(".15", ".1"), 0);
  EXPECT_LT(compare_decimals(".09", ".1"), 0);
  EXPECT_GT(compare_decimals("-.5", "-1"), 0);
}

}  // namespace
}  // namespace sfjwt::schema
