// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace sfjwt {

/// Bytes in one piece that become more. A small block comes from malloc, a large one has pages of its own: it
/// moves without being copied, and goes back to the system the moment it is cleared. Of malloc only the first
/// is true, and that as long as nobody has freed a block as large before.
class GrowingBuffer {
 public:
  static constexpr std::size_t kMappedBytes = std::size_t{512} * 1024;  // blocks of this size have own pages

  GrowingBuffer() = default;
  GrowingBuffer(const GrowingBuffer&) = delete;
  GrowingBuffer& operator=(const GrowingBuffer&) = delete;
  ~GrowingBuffer() { clear(); }

  char* data() { return bytes_; }
  const char* data() const { return bytes_; }
  std::size_t capacity() const { return capacity_; }

  /// Room for so many bytes; what stands in it stays. Throws std::bad_alloc and leaves it as it was.
  void grow_to(std::size_t bytes);
  void clear();

 private:
  char* bytes_ = nullptr;
  std::size_t capacity_ = 0;
};

}  // namespace sfjwt
