// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/digest.h"

#include <gtest/gtest.h>

namespace sfjwt::keys {
namespace {

TEST(ShortDigest, IsTheBeginningOfItsSha256) {
  EXPECT_EQ(short_digest("abc"), "ba7816bf8f01cfea");
  EXPECT_EQ(short_digest(""), "e3b0c44298fc1c14");
}

TEST(SaltedDigest, DependsOnTheSaltAndOnEachText) {
  const SaltedDigest digest("salt");
  EXPECT_EQ(digest.of({"a", "b"}), digest.of({"a", "b"}));
  EXPECT_NE(digest.of({"a", "b"}), digest.of({"ab", ""}));
  EXPECT_NE(digest.of({"a", "b"}), digest.of({"a"}));
  EXPECT_NE(digest.of({"a"}), SaltedDigest("other").of({"a"}));
}

}  // namespace
}  // namespace sfjwt::keys
