// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace sfjwt {
namespace {

Result<std::unique_ptr<int>, std::string> positive(int n) {
  if (n <= 0) return Unexpected{std::string("not positive")};
  return std::make_unique<int>(n);
}

TEST(Result, HoldsAMoveOnlyValue) {
  auto result = positive(3);
  ASSERT_TRUE(result);
  EXPECT_EQ(**result, 3);
}

TEST(Result, HoldsTheReason) {
  EXPECT_EQ(positive(0).error(), "not positive");
}

TEST(Result, ThrowsWhenTheWrongSideIsRead) {
  auto failed = positive(0);
  EXPECT_THROW(failed.value(), std::logic_error);
  auto fine = positive(1);
  EXPECT_THROW(fine.error(), std::logic_error);
}

}  // namespace
}  // namespace sfjwt
