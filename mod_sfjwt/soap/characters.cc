// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/characters.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>
#include <utility>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace sfjwt::soap {
namespace {

constexpr std::array<std::uint8_t, 256> classes() {
  std::array<std::uint8_t, 256> table{};
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = kNameStart | kNameByte;
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = kNameByte;
  table['_'] = kNameStart | kNameByte;
  table['-'] = table['.'] = kNameByte;
  table[' '] = table['\t'] = table['\r'] = table['\n'] = kWhiteSpace;
  for (auto& entry : table) {
    if (entry & kNameByte) entry |= kAsciiNameByte;
  }
  for (unsigned c = 0x80; c < 0x100; ++c) table[c] = kNameStart | kNameByte;
  return table;
}

using Range = std::pair<char32_t, char32_t>;

// Beyond ASCII; ascending, so that the first range that ends at or after the character decides.
constexpr Range kNameStartRanges[] = {{0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},
                                      {0x370, 0x37D},   {0x37F, 0x1FFF},  {0x200C, 0x200D},
                                      {0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF},
                                      {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
constexpr Range kFurtherNameRanges[] = {{0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}};

template <std::size_t N>
bool in(const Range (&ranges)[N], char32_t character) {
  const auto* range = std::lower_bound(std::begin(ranges), std::end(ranges), character,
                                       [](const Range& r, char32_t c) { return r.second < c; });
  return range != std::end(ranges) && character >= range->first;
}

bool forbidden_ascii(unsigned char byte) {
  return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
}

// The length of the character at `at`, 0 if there is none (table 3-7 of the Unicode Standard, and
// U+FFFE/U+FFFF).
unsigned multibyte_length(const unsigned char* at, std::size_t left) {
  const auto continues = [at](unsigned i) { return (at[i] & 0xC0) == 0x80; };
  const unsigned char lead = at[0];
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return left >= 2 && continues(1) ? 2 : 0;
  if (lead < 0xF0) {
    if (left < 3 || !continues(1) || !continues(2)) return 0;
    if (lead == 0xE0 && at[1] < 0xA0) return 0;
    if (lead == 0xED && at[1] > 0x9F) return 0;
    if (lead == 0xEF && at[1] == 0xBF && at[2] >= 0xBE) return 0;
    return 3;
  }
  if (lead > 0xF4 || left < 4 || !continues(1) || !continues(2) || !continues(3)) return 0;
  if (lead == 0xF0 && at[1] < 0x90) return 0;
  if (lead == 0xF4 && at[1] > 0x8F) return 0;
  return 4;
}

// From `at` over single characters until `stop` is reached or something is wrong.
std::size_t check_from(std::string_view bytes, std::size_t at, std::size_t stop, bool& ascii) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  while (at < stop) {
    if (data[at] < 0x80) {
      if (forbidden_ascii(data[at])) return at;
      ++at;
      continue;
    }
    const unsigned length = multibyte_length(data + at, bytes.size() - at);
    if (length == 0) return at;
    ascii = false;
    at += length;
  }
  return at;
}

}  // namespace

constexpr std::array<std::uint8_t, 256> kCharacterClasses = classes();

CharacterCheck check_characters_portably(std::string_view bytes) {
  CharacterCheck check{0, true};
  check.first_bad = check_from(bytes, 0, bytes.size(), check.ascii);
  return check;
}

namespace {

constexpr std::size_t kStride = 64;

#if defined(__SSE2__)
// What may be no character: control characters, but not white space, and whatever is not ASCII; a signed
// comparison with the blank finds both at once.
__m128i suspects_of_16(const char* bytes) {
  __m128i block;
  std::memcpy(&block, bytes, sizeof block);
  const __m128i line_ends =
      _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\r')));
  const __m128i white = _mm_or_si128(line_ends, _mm_cmpeq_epi8(block, _mm_set1_epi8('\t')));
  return _mm_andnot_si128(white, _mm_cmplt_epi8(block, _mm_set1_epi8(' ')));
}

// Over whole strides without suspects.
std::size_t plain_end_by_16(std::string_view bytes, std::size_t at) {
  static_assert(kStride == 4 * sizeof(__m128i));
  for (; bytes.size() - at >= kStride; at += kStride) {
    const char* const stride = bytes.data() + at;
    const __m128i first = _mm_or_si128(suspects_of_16(stride), suspects_of_16(stride + 16));
    const __m128i second = _mm_or_si128(suspects_of_16(stride + 32), suspects_of_16(stride + 48));
    if (_mm_movemask_epi8(_mm_or_si128(first, second)) != 0) break;
  }
  return at;
}

__attribute__((target("avx2"))) __m256i suspects_of_32(const char* bytes) {
  __m256i block;
  std::memcpy(&block, bytes, sizeof block);
  const __m256i line_ends = _mm256_or_si256(_mm256_cmpeq_epi8(block, _mm256_set1_epi8('\n')),
                                            _mm256_cmpeq_epi8(block, _mm256_set1_epi8('\r')));
  const __m256i white = _mm256_or_si256(line_ends, _mm256_cmpeq_epi8(block, _mm256_set1_epi8('\t')));
  return _mm256_andnot_si256(white, _mm256_cmpgt_epi8(_mm256_set1_epi8(' '), block));
}

__attribute__((target("avx2"))) std::size_t plain_end_by_32(std::string_view bytes, std::size_t at) {
  static_assert(kStride == 2 * sizeof(__m256i));
  for (; bytes.size() - at >= kStride; at += kStride) {
    const char* const stride = bytes.data() + at;
    const __m256i suspects =
        _mm256_or_si256(suspects_of_32(stride), suspects_of_32(stride + sizeof(__m256i)));
    if (_mm256_testz_si256(suspects, suspects) == 0) break;
  }
  return at;
}

std::size_t plain_end(std::string_view bytes, std::size_t at) {
  return __builtin_cpu_supports("avx2") ? plain_end_by_32(bytes, at) : plain_end_by_16(bytes, at);
}
#else
std::size_t plain_end(std::string_view, std::size_t at) {
  return at;
}
#endif

}  // namespace

CharacterCheck check_characters(std::string_view bytes) {
  CharacterCheck check{0, true};
  std::size_t at = plain_end(bytes, 0);
  while (bytes.size() - at >= kStride) {
    const std::size_t stop = at + kStride;
    at = check_from(bytes, at, stop, check.ascii);
    if (at < stop) {
      check.first_bad = at;
      return check;
    }
    at = plain_end(bytes, at);
  }
  // What is left, together with bytes already seen, is one more stride.
  const bool seen = at > 0 && at < bytes.size();
  if (seen && plain_end(bytes.substr(bytes.size() - kStride), 0) == kStride) at = bytes.size();
  check.first_bad = check_from(bytes, at, bytes.size(), check.ascii);
  return check;
}

CodePoint code_point_at(const char* bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes);
  const auto tail = [at](unsigned i) { return static_cast<char32_t>(at[i] & 0x3F); };
  if (at[0] < 0x80) return {at[0], 1};
  if (at[0] < 0xE0) return {static_cast<char32_t>(at[0] & 0x1F) << 6 | tail(1), 2};
  if (at[0] < 0xF0) return {static_cast<char32_t>(at[0] & 0x0F) << 12 | tail(1) << 6 | tail(2), 3};
  return {static_cast<char32_t>(at[0] & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4};
}

bool is_name_start(char32_t character) {
  if (character < 0x80) return is(static_cast<char>(character), kNameStart);
  return in(kNameStartRanges, character);
}

bool is_name_character(char32_t character) {
  if (character < 0x80) return is(static_cast<char>(character), kNameByte);
  return in(kNameStartRanges, character) || in(kFurtherNameRanges, character);
}

bool is_character(char32_t character) {
  return character == '\t' || character == '\n' || character == '\r' ||
         (character >= 0x20 && character <= 0xD7FF) || (character >= 0xE000 && character <= 0xFFFD) ||
         (character >= 0x10000 && character <= 0x10FFFF);
}

void append_utf8(std::string& text, char32_t character) {
  const auto byte = [&text](char32_t value) { text += static_cast<char>(value); };
  if (character < 0x80) {
    byte(character);
  } else if (character < 0x800) {
    byte(0xC0 | character >> 6);
    byte(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    byte(0xE0 | character >> 12);
    byte(0x80 | (character >> 6 & 0x3F));
    byte(0x80 | (character & 0x3F));
  } else {
    byte(0xF0 | character >> 18);
    byte(0x80 | (character >> 12 & 0x3F));
    byte(0x80 | (character >> 6 & 0x3F));
    byte(0x80 | (character & 0x3F));
  }
}

}  // namespace sfjwt::soap
