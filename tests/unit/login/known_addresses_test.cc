// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/known_addresses.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sfjwt::login {
namespace {

using namespace std::chrono_literals;

constexpr KnownAddresses::Steady kNow{1'000h};

class KnownAddressesTest : public ::testing::Test {
 protected:
  keys::Digest user(std::size_t number) const { return hash_.of({"user", std::to_string(number)}); }
  keys::Digest address(std::size_t number) const { return hash_.of({"address", std::to_string(number)}); }
  bool contains(std::size_t of, std::size_t at, KnownAddresses::Steady now = kNow) const {
    return known_.contains(user(of), address(at), now);
  }
  void add(std::size_t of, std::size_t at, KnownAddresses::Steady now = kNow) const {
    known_.add(user(of), address(at), now);
  }

  std::vector<std::uint64_t> memory_ = std::vector<std::uint64_t>(KnownAddresses::kBytes / 8);
  keys::SaltedDigest hash_{"salt"};
  KnownAddresses known_{reinterpret_cast<std::byte*>(memory_.data())};
};

TEST_F(KnownAddressesTest, ContainsThePairsThatWereAdded) {
  add(1, 1);
  EXPECT_TRUE(contains(1, 1));
  EXPECT_FALSE(contains(1, 2));
  EXPECT_FALSE(contains(2, 1));
}

TEST_F(KnownAddressesTest, ForgetsAPairAfter30Days) {
  add(1, 1);
  EXPECT_TRUE(contains(1, 1, kNow + 30 * 24h));
  EXPECT_FALSE(contains(1, 1, kNow + 30 * 24h + 1h));
  add(1, 1, kNow + 24h);
  EXPECT_TRUE(contains(1, 1, kNow + 31 * 24h));
}

TEST_F(KnownAddressesTest, OfAUserTheOldestIsForgotten) {
  for (std::size_t at = 0; at <= KnownAddresses::kMaxOfUser; ++at) add(1, at, kNow + at * 1h);
  const auto now = kNow + 100h;
  EXPECT_FALSE(contains(1, 0, now));
  for (std::size_t at = 1; at <= KnownAddresses::kMaxOfUser; ++at) EXPECT_TRUE(contains(1, at, now)) << at;
}

// All of these users may share a set with that one.
TEST_F(KnownAddressesTest, AUserWithManyAddressesDoesNotFillItsSet) {
  for (std::size_t other = 2; other < 10'000; ++other) add(other, 1);
  std::size_t before = 0;
  for (std::size_t other = 2; other < 10'000; ++other) before += contains(other, 1);
  for (std::size_t at = 0; at < 10'000; ++at) add(1, at, kNow + 1h);
  std::size_t after = 0;
  for (std::size_t other = 2; other < 10'000; ++other) after += contains(other, 1);
  EXPECT_EQ(after, before);
}

TEST_F(KnownAddressesTest, HoldsAHundredThousandPairs) {
  for (std::size_t of = 0; of < 100'000; ++of) add(of, of);
  std::size_t held = 0;
  for (std::size_t of = 0; of < 100'000; ++of) held += contains(of, of);
  EXPECT_GT(held, 99'900U);
}

}  // namespace
}  // namespace sfjwt::login
