// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/caller_identity.h"

#include <arpa/inet.h>

#include <array>

namespace sfjwt::tokens {
namespace {

constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xFF\xFF",
                                   12);  // an IPv4-mapped address (RFC 4291 section 2.5.5.2)

std::string network_of(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  std::array<char, sizeof(in6_addr)> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 4);
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  const std::string_view whole(bytes.data(), bytes.size());
  return std::string(whole.starts_with(kMapped) ? whole.substr(kMapped.size()) : whole.substr(0, 8));
}

}  // namespace

std::string CallerIdentity::caller() const {
  return user.empty() ? 'a' + network_of(address) : 'u' + std::string(user);
}

std::string CallerIdentity::text() const {
  std::string made;
  for (const std::string_view part : {server, location}) made.append(part).push_back('\0');
  return made += caller();
}

}  // namespace sfjwt::tokens
