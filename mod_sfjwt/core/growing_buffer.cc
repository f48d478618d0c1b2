// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/growing_buffer.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace sfjwt {
namespace {

bool is_mapped(std::size_t capacity) {
  return capacity >= GrowingBuffer::kMappedBytes;
}

char* allocated(void* block) {
  if (!block || block == MAP_FAILED) throw std::bad_alloc();
  return static_cast<char*>(block);
}

char* mapped(std::size_t bytes) {
  return allocated(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

}  // namespace

void GrowingBuffer::grow_to(std::size_t bytes) {
  if (bytes <= capacity_) return;
  if (!is_mapped(bytes)) {
    bytes_ = allocated(std::realloc(bytes_, bytes));
  } else if (is_mapped(capacity_)) {
    bytes_ = allocated(mremap(bytes_, capacity_, bytes, MREMAP_MAYMOVE));
  } else {
    char* const pages = mapped(bytes);
    if (capacity_ != 0) std::memcpy(pages, bytes_, capacity_);
    std::free(bytes_);
    bytes_ = pages;
  }
  capacity_ = bytes;
}

void GrowingBuffer::clear() {
  if (is_mapped(capacity_)) {
    munmap(bytes_, capacity_);
  } else {
    std::free(bytes_);
  }
  bytes_ = nullptr;
  capacity_ = 0;
}

}  // namespace sfjwt
