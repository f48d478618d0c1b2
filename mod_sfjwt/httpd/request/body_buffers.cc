// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/body_buffers.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "mod_sfjwt/core/memory_limit.h"
#include "mod_sfjwt/httpd/request/caller.h"

namespace sfjwt::httpd {
namespace {

// FNV-1a with a secret start value, and the final step of MurmurHash3, which makes every bit depend on all
// others.
std::uint64_t digest(std::uint64_t seed, std::string_view bytes) {
  std::uint64_t hash = seed;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdU;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33);
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

void BodyBuffers::child_init(const server_rec& server) {
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

BufferReservation BodyBuffers::reservation_for(const request_rec* r) {
  return {budget_, digest(seed_, caller_identity(r).caller())};
}

}  // namespace sfjwt::httpd
