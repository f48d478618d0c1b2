// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace sfjwt::xml {

/// A hash of all bytes of a text, eight at a time. It is not keyed: where a sender chooses the texts, the
/// number of comparisons after a collision must be bounded.
inline std::uint32_t text_hash(std::string_view text) {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15ULL;
  const auto mixed = [](std::uint64_t hash, std::uint64_t word) {
    hash = (hash ^ word) * kMultiplier;
    return hash ^ hash >> 29;
  };
  const auto word_at = [&text](std::size_t i) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, sizeof word);
    return word;
  };
  std::uint64_t hash = text.size();
  if (text.size() >= 8) {
    const std::size_t last = text.size() - 8;
    for (std::size_t i = 0; i < last; i += 8) hash = mixed(hash, word_at(i));
    hash = mixed(hash, word_at(last));
  } else {
    std::uint64_t word = 0;
    for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
    hash = mixed(hash, word);
  }
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace sfjwt::xml
