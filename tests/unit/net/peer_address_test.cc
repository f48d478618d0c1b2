// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/peer_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

namespace sfjwt::net {
namespace {

sockaddr_storage ipv4(const std::string& text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  EXPECT_EQ(1, inet_pton(AF_INET, text.c_str(), &address.sin_addr));
  sockaddr_storage storage{};
  std::memcpy(&storage, &address, sizeof address);
  return storage;
}

sockaddr_storage ipv6(const std::string& text) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  EXPECT_EQ(1, inet_pton(AF_INET6, text.c_str(), &address.sin6_addr));
  sockaddr_storage storage{};
  std::memcpy(&storage, &address, sizeof address);
  return storage;
}

TEST(PeerAddress, LoopbackAddressesAreThisMachine) {
  for (const char* text : {"127.0.0.1", "127.0.0.0", "127.255.255.255"})
    EXPECT_TRUE(is_this_machine(ipv4(text))) << text;
  for (const char* text : {"::1", "::ffff:127.0.0.1", "::ffff:127.1.2.3"})
    EXPECT_TRUE(is_this_machine(ipv6(text))) << text;
}

TEST(PeerAddress, EveryOtherAddressIsNot) {
  for (const char* text : {"126.255.255.255", "128.0.0.0", "0.0.0.0", "10.127.0.1", "1.0.0.127", "192.0.2.1"})
    EXPECT_FALSE(is_this_machine(ipv4(text))) << text;
  for (const char* text : {"::", "::2", "fe80::1", "::ffff:192.0.2.1", "::127.0.0.1", "2001:db8::1", "1::1"})
    EXPECT_FALSE(is_this_machine(ipv6(text))) << text;
}

TEST(PeerAddress, ASocketOfTheFileSystemIsThisMachine) {
  sockaddr_storage address{};
  address.ss_family = AF_UNIX;
  EXPECT_TRUE(is_this_machine(address));
}

TEST(PeerAddress, AnUnknownFamilyIsNot) {
  sockaddr_storage address{};
  EXPECT_FALSE(is_this_machine(address));
  address.ss_family = AF_PACKET;
  EXPECT_FALSE(is_this_machine(address));
}

}  // namespace
}  // namespace sfjwt::net
