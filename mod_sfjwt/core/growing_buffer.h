// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace sfjwt {

/// A contiguous buffer that grows. A small block comes from malloc. A large one is mapped: it grows without
/// copying, and its pages return to the system as soon as it is cleared. With malloc only the first would
/// hold, and only until a block of that size is freed (the threshold for mmap then rises).
class GrowingBuffer {
 public:
  static constexpr std::size_t kMappedBytes = std::size_t{512} * 1024;  // mapped from this size on

  GrowingBuffer() = default;
  GrowingBuffer(const GrowingBuffer&) = delete;
  GrowingBuffer& operator=(const GrowingBuffer&) = delete;
  ~GrowingBuffer() { clear(); }

  char* data() { return bytes_; }
  const char* data() const { return bytes_; }
  std::size_t capacity() const { return capacity_; }

  /// Grows the buffer to `bytes` and keeps its content. Throws std::bad_alloc and leaves the buffer
  /// unchanged.
  void grow_to(std::size_t bytes);
  void clear();

 private:
  char* bytes_ = nullptr;
  std::size_t capacity_ = 0;
};

}  // namespace sfjwt
