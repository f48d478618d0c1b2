// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/peer_address.h"

#include <netinet/in.h>

#include <cstring>

namespace sfjwt::net {
namespace {

constexpr unsigned char kLoopbackNetwork = 127;

template <class Address>
Address as(const sockaddr_storage& storage) {
  Address address;
  std::memcpy(&address, &storage, sizeof address);
  return address;
}

}  // namespace

bool is_this_machine(const sockaddr_storage& address) {
  if (address.ss_family == AF_UNIX) return true;
  if (address.ss_family == AF_INET)
    return ntohl(as<sockaddr_in>(address).sin_addr.s_addr) >> 24 == kLoopbackNetwork;
  if (address.ss_family != AF_INET6) return false;
  const in6_addr bytes = as<sockaddr_in6>(address).sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&bytes) ||
         (IN6_IS_ADDR_V4MAPPED(&bytes) && bytes.s6_addr[12] == kLoopbackNetwork);
}

}  // namespace sfjwt::net
