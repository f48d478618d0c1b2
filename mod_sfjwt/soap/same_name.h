// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace sfjwt::soap {

/// Equal bytes; the short names of a schema are compared faster than by a call of memcmp.
inline bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const std::size_t n = a.size();
  const auto word = [](const char* p) {
    std::uint64_t bytes;
    std::memcpy(&bytes, p, sizeof bytes);
    return bytes;
  };
  if (n >= 8 && n <= 16) {
    return ((word(a.data()) ^ word(b.data())) | (word(a.data() + n - 8) ^ word(b.data() + n - 8))) == 0;
  }
  if (n >= 4 && n < 8) {
    const auto half = [](const char* p) {
      std::uint32_t bytes;
      std::memcpy(&bytes, p, sizeof bytes);
      return bytes;
    };
    return ((half(a.data()) ^ half(b.data())) | (half(a.data() + n - 4) ^ half(b.data() + n - 4))) == 0;
  }
  return n == 0 ||
         std::memcmp(a.data(), b.data(), n) == 0;  // memcmp of a null pointer is undefined, however short
}

}  // namespace sfjwt::soap
