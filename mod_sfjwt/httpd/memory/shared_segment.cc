// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/memory/shared_segment.h"

#include <sys/mman.h>
#include <unistd.h>

namespace sfjwt::httpd {
namespace {

constexpr std::size_t kCacheLine = 64;

void keep_out_of_dumps(void* memory, std::size_t size) {
#ifdef MADV_DONTDUMP
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(memory) & ~(page - 1);
  const auto end = reinterpret_cast<std::uintptr_t>(memory) + size;
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTDUMP);
#endif
}

}  // namespace

apr_status_t renew(SharedSegment& segment, server_rec& server, std::size_t size) {
  if (segment.memory) apr_shm_destroy(segment.memory);
  segment = {};
  const std::size_t allocated = size + kCacheLine;
  const apr_status_t status = apr_shm_create(&segment.memory, allocated, nullptr, server.process->pool);
  if (status != APR_SUCCESS) {
    segment = {};
    return status;
  }
  void* const base = apr_shm_baseaddr_get(segment.memory);
  keep_out_of_dumps(base, allocated);
  const auto aligned = (reinterpret_cast<std::uintptr_t>(base) + kCacheLine - 1) & ~(kCacheLine - 1);
  segment.words = reinterpret_cast<std::uint64_t*>(aligned);
  return APR_SUCCESS;
}

}  // namespace sfjwt::httpd
