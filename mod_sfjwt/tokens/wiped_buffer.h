// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "mod_sfjwt/core/raw_array.h"
#include "mod_sfjwt/tokens/slot_table.h"

namespace sfjwt::tokens {

/// A buffer for one record, overwritten on destruction, so that no token is left behind on the stack.
class WipedBuffer {
 public:
  /// `size` is at most SlotTable::kLargestSlot bytes; the buffer is not initialised.
  explicit WipedBuffer(std::size_t size) : bytes_(buffer_.data(), size) {}
  WipedBuffer(const WipedBuffer&) = delete;
  WipedBuffer& operator=(const WipedBuffer&) = delete;
  ~WipedBuffer() {
    std::fill(bytes_.begin(), bytes_.end(), std::byte{});
    asm volatile("" : : "r"(bytes_.data()) : "memory");
  }

  std::span<std::byte> bytes() { return bytes_; }

 private:
  RawArray<std::byte, SlotTable::kLargestSlot> buffer_;
  std::span<std::byte> bytes_;
};

}  // namespace sfjwt::tokens
