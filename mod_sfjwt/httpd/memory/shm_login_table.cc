// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/memory/shm_login_table.h"

#include <array>
#include <exception>

#include "mod_sfjwt/httpd/memory/shared_segment.h"

namespace sfjwt::httpd {
namespace {

using login::LoginTable;

constexpr const char* kRetained = "mod_sfjwt login table 1";  // another SharedSegment needs another name

std::byte* bytes_of(const SharedSegment& segment) {
  return reinterpret_cast<std::byte*>(segment.words);
}

// Survives a restart.
SharedSegment& retained_segment() {
  void* retained = ap_retained_data_get(kRetained);
  if (!retained) retained = ap_retained_data_create(kRetained, sizeof(SharedSegment));  // zeroed
  return *static_cast<SharedSegment*>(retained);
}

}  // namespace

Result<std::unique_ptr<LoginTable>, std::string> shm_login_table(server_rec& server) {
  const std::size_t size = LoginTable::bytes();
  SharedSegment& segment = retained_segment();
  if (!segment.memory || !LoginTable::is_in(bytes_of(segment), size)) {
    const apr_status_t status = renew(segment, server, size);
    if (status != APR_SUCCESS) {
      std::array<char, 120> reason;
      return Unexpected{
          "shared memory of " + std::to_string(size >> 20) +
          " MB for logins cannot be allocated: " + apr_strerror(status, reason.data(), reason.size())};
    }
  }
  try {
    return std::make_unique<LoginTable>(bytes_of(segment), size);
  } catch (const std::exception& error) {
    return Unexpected{std::string("the table of logins cannot be made: ") + error.what()};
  }
}

}  // namespace sfjwt::httpd
