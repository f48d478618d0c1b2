// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/characters.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <string>
#include <utility>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "mod_sfjwt/core/utf8.h"

namespace sfjwt::xml {
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

// Above ASCII; in ascending order, so that the first range that ends at or after a character decides.
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

// The length of the character at `at`, or 0 if there is none: well-formed UTF-8 except U+FFFE and U+FFFF (XML
// 1.0 section 2.2).
std::size_t multibyte_length(const unsigned char* at, std::size_t left) {
  const std::size_t length = utf8_sequence({reinterpret_cast<const char*>(at), left});
  const bool no_character = length == 3 && at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE;
  return no_character ? 0 : length;
}

// The first byte from `at` on that is a control character other than white space, or not ASCII; or the size.
std::size_t first_suspect_portably(std::string_view bytes, std::size_t at) {
  const auto suspect = [](char c) { return static_cast<signed char>(c) < ' ' && !is(c, kWhiteSpace); };
  while (at < bytes.size() && !suspect(bytes[at])) ++at;
  return at;
}

// Passes over plain text in one step, and over other characters one by one.
template <class FirstSuspect>
CharacterCheck check_with(FirstSuspect first_suspect, std::string_view bytes) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  CharacterCheck check{first_suspect(bytes, 0), true};
  for (std::size_t& at = check.first_bad; at < bytes.size(); at = first_suspect(bytes, at)) {
    do {
      const std::size_t length = data[at] < 0x80 ? 0 : multibyte_length(data + at, bytes.size() - at);
      if (length == 0) return check;
      check.ascii = false;
      at += length;
    } while (at < bytes.size() && data[at] >= 0x80);
  }
  return check;
}

}  // namespace

constexpr std::array<std::uint8_t, 256> kCharacterClasses = classes();

CharacterCheck check_characters_portably(std::string_view bytes) {
  return check_with(first_suspect_portably, bytes);
}

#if defined(__SSE2__)
namespace {

// Sixteen bytes, 0xFF for each suspect one; a signed comparison with the blank finds control characters and
// bytes above ASCII at once.
__m128i suspects_of_16(const char* bytes) {
  __m128i block;
  std::memcpy(&block, bytes, sizeof block);
  const __m128i line_ends =
      _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\r')));
  const __m128i white = _mm_or_si128(line_ends, _mm_cmpeq_epi8(block, _mm_set1_epi8('\t')));
  return _mm_andnot_si128(white, _mm_cmplt_epi8(block, _mm_set1_epi8(' ')));
}

__attribute__((target("avx2"))) __m256i suspects_of_32(const char* bytes) {
  __m256i block;
  std::memcpy(&block, bytes, sizeof block);
  const __m256i line_ends = _mm256_or_si256(_mm256_cmpeq_epi8(block, _mm256_set1_epi8('\n')),
                                            _mm256_cmpeq_epi8(block, _mm256_set1_epi8('\r')));
  const __m256i white = _mm256_or_si256(line_ends, _mm256_cmpeq_epi8(block, _mm256_set1_epi8('\t')));
  return _mm256_andnot_si256(white, _mm256_cmpgt_epi8(_mm256_set1_epi8(' '), block));
}

// Strides of 64 bytes without a suspect are skipped as a whole.
constexpr std::size_t kStride = 64;

std::size_t plain_strides_by_16(std::string_view bytes, std::size_t at) {
  for (; bytes.size() - at >= kStride; at += kStride) {
    const char* const stride = bytes.data() + at;
    const __m128i first = _mm_or_si128(suspects_of_16(stride), suspects_of_16(stride + 16));
    const __m128i second = _mm_or_si128(suspects_of_16(stride + 32), suspects_of_16(stride + 48));
    if (_mm_movemask_epi8(_mm_or_si128(first, second)) != 0) break;
  }
  return at;
}

__attribute__((target("avx2"))) std::size_t plain_strides_by_32(std::string_view bytes, std::size_t at) {
  for (; bytes.size() - at >= kStride; at += kStride) {
    const char* const stride = bytes.data() + at;
    const __m256i suspects = _mm256_or_si256(suspects_of_32(stride), suspects_of_32(stride + 32));
    if (_mm256_testz_si256(suspects, suspects) == 0) break;
  }
  return at;
}

std::size_t first_suspect(std::string_view bytes, std::size_t at) {
  at = __builtin_cpu_supports("avx2") ? plain_strides_by_32(bytes, at) : plain_strides_by_16(bytes, at);
  for (; bytes.size() - at >= sizeof(__m128i); at += sizeof(__m128i)) {
    if (const auto found = static_cast<unsigned>(_mm_movemask_epi8(suspects_of_16(bytes.data() + at))))
      return at + static_cast<std::size_t>(std::countr_zero(found));
  }
  return first_suspect_portably(bytes, at);
}

}  // namespace

CharacterCheck check_characters(std::string_view bytes) {
  return check_with(first_suspect, bytes);
}
#else
CharacterCheck check_characters(std::string_view bytes) {
  return check_characters_portably(bytes);
}
#endif

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

}  // namespace sfjwt::xml
