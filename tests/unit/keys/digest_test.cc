// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/digest.h"

#include <gtest/gtest.h>

namespace sfjwt::keys {
namespace {

TEST(ShortDigest, IsTheBeginningOfItsSha256) {
  EXPECT_EQ(short_digest("abc"), "ba7816bf8f01cfea");
  EXPECT_EQ(short_digest(""), "e3b0c44298fc1c14");
}

}  // namespace
}  // namespace sfjwt::keys
