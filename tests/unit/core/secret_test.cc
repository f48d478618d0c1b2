// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/secret.h"

#include <gtest/gtest.h>

#include <cstring>
#include <new>
#include <ostream>
#include <string>
#include <type_traits>

namespace sfjwt {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(!Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);

TEST(Secret, LeavesNothingOfAShortSecretBehind) {
  alignas(Secret) unsigned char place[sizeof(Secret)];
  auto* secret = new (place) Secret("short-canary");
  secret->~Secret();
  const std::string_view bytes(reinterpret_cast<const char*>(place), sizeof place);
  EXPECT_EQ(bytes.find("canary"), std::string_view::npos);
}

TEST(Secret, LeavesNothingBehindWhenItIsMovedFrom) {
  Secret from("short-canary");
  const Secret to(std::move(from));
  const std::string_view bytes(reinterpret_cast<const char*>(&from), sizeof from);
  EXPECT_EQ(bytes.find("canary"), std::string_view::npos);
  EXPECT_EQ(to.reveal(), "short-canary");
}

}  // namespace
}  // namespace sfjwt
