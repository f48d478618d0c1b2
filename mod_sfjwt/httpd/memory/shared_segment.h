// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Zeroed memory that the parent allocates and all children share. Plain data, so that it can be kept in
/// httpd's retained data.
struct SharedSegment {
  apr_shm_t* memory;
  std::uint64_t* words;  // aligned to 64 bytes
};

/// Allocates `size` bytes in the process pool, in place of the segment's memory; child processes of an
/// earlier generation continue to use that. The memory is not part of core dumps, since it contains secrets.
apr_status_t renew(SharedSegment& segment, server_rec& server, std::size_t size);

}  // namespace sfjwt::httpd
