// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/caller_identity.h"

#include <gtest/gtest.h>

namespace sfjwt::tokens {
namespace {

std::string of_user(std::string_view user, std::string_view address) {
  return CallerIdentity{"gw.corp.example", "/services/Soap/", user, address}.text();
}
std::string of_address(std::string_view address) {
  return of_user("", address);
}

TEST(CallerIdentity, AUserIsTheSameFromEveryAddress) {
  EXPECT_EQ(of_user("billing", "192.0.2.1"), of_user("billing", "192.0.2.2"));
  EXPECT_NE(of_user("billing", "192.0.2.1"), of_user("reports", "192.0.2.1"));
}

TEST(CallerIdentity, WithoutAUserTheAddressDecides) {
  EXPECT_EQ(of_address("192.0.2.1"), of_address("192.0.2.1"));
  EXPECT_NE(of_address("192.0.2.1"), of_address("192.0.2.2"));
}

TEST(CallerIdentity, AddressesOfOneNetworkOfSixtyFourBitsAreOneCaller) {
  EXPECT_EQ(of_address("2001:db8:1:2::1"), of_address("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(of_address("2001:db8:1:2::1"), of_address("2001:db8:1:3::1"));
}

TEST(CallerIdentity, AMappedAddressIsThatOfItsHost) {
  EXPECT_EQ(of_address("::ffff:192.0.2.1"), of_address("192.0.2.1"));
  EXPECT_NE(of_address("::ffff:192.0.2.1"), of_address("::ffff:192.0.2.2"));
}

TEST(CallerIdentity, TheZoneOfAnAddressDoesNotCount) {
  EXPECT_EQ(of_address("fe80::1%eth0"), of_address("fe80::1"));
}

TEST(CallerIdentity, AUserCannotBeNamedLikeAnAddress) {
  const std::string address = of_address("192.0.2.1");
  EXPECT_NE(of_user(std::string("\xC0\x00\x02\x01", 4), ""), address);
  EXPECT_NE(of_user("192.0.2.1", ""), of_address("192.0.2.1"));
}

TEST(CallerIdentity, ACallerOfAnotherSectionIsAnother) {
  const CallerIdentity here{"a", "/x/", "billing", ""};
  EXPECT_NE(here.text(), (CallerIdentity{"a", "/y/", "billing", ""}.text()));
  EXPECT_NE(here.text(), (CallerIdentity{"b", "/x/", "billing", ""}.text()));
  EXPECT_NE(here.text(), (CallerIdentity{"a/x", "/", "billing", ""}.text()));
}

}  // namespace
}  // namespace sfjwt::tokens
