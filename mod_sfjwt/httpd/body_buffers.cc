// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/body_buffers.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "mod_sfjwt/core/memory_limit.h"
#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {
namespace {

// FNV-1a from a start nobody knows, and the last step of MurmurHash3, which makes every bit depend on all.
std::uint64_t digest(std::uint64_t seed, std::string_view bytes) {
  std::uint64_t hash = seed;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdU;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33);
}

std::string_view as_bytes(const void* address, std::size_t size) {
  return {static_cast<const char*>(address), size};
}

// What tells clients apart: an IPv4 address also where it comes as IPv6.
std::string_view network_of(const request_rec* r) {
  constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const apr_sockaddr_t* address = r->useragent_addr;
  if (!address) return as_view(r->useragent_ip);
  if (address->family == APR_INET) return as_bytes(&address->sa.sin.sin_addr, 4);
#if APR_HAVE_IPV6
  if (address->family == APR_INET6) {
    const std::string_view all = as_bytes(&address->sa.sin6.sin6_addr, 16);
    if (std::memcmp(all.data(), kMapped.data(), kMapped.size()) == 0) return all.substr(kMapped.size());
    return all.substr(0, 8);
  }
#endif
  return as_view(r->useragent_ip);
}

std::size_t processes_of_mpm() {
  int processes = 0;
  if (ap_mpm_query(AP_MPMQ_MAX_DAEMONS, &processes) != APR_SUCCESS) processes = 0;
  return static_cast<std::size_t>(std::max(processes, 1));
}

}  // namespace

void BodyBuffers::measure(std::size_t largest_body) {
  largest_body_ = largest_body;
  memory_ = memory_limit();
}

void BodyBuffers::enter_child(const server_rec& server) {
  std::array<unsigned char, sizeof(seed_)> random{};
  if (apr_generate_random_bytes(random.data(), random.size()) == APR_SUCCESS)
    std::memcpy(&seed_, random.data(), random.size());
  const std::size_t usual =
      std::max(static_cast<std::size_t>(memory_ / 4) / processes_of_mpm(), 2 * largest_body_);
  budget_.set_limit(configured_.value_or(usual));
  ap_log_error(APLOG_MARK, APLOG_DEBUG, 0, &server,
               "request bodies of this process may take %" APR_SIZE_T_FMT " bytes (SFJwtMaxBuffered)",
               budget_.limit());
}

gateway::BufferReservation BodyBuffers::reservation_for(const request_rec* r) {
  const std::string_view user = as_view(r->user);
  return {budget_, user.empty() ? digest(~seed_, network_of(r)) : digest(seed_, user)};
}

}  // namespace sfjwt::httpd
