// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "mod_sfjwt/xml/characters.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// The length of a run of similar bytes in a document: white space, plain text, a name. Results are offsets,
// at most `size`. Where the machine allows, sixteen bytes are tested at once. The functions in
// sfjwt::xml::portable do the same byte by byte; they finish each run, and tests compare the others with
// them.

namespace sfjwt::xml {

/// White space (XML 1.0 production S).
struct WhitespaceRun {
  std::size_t end;
  bool carriage_return;  // there is one in the run
  bool operator==(const WhitespaceRun&) const = default;
};

/// ASCII bytes that can be part of a name, colons included.
struct NameRun {
  std::size_t end;
  std::size_t colon;  // the first one, or the end of the run
  bool second_colon;  // there is more than one
  bool operator==(const NameRun&) const = default;
};

namespace portable {

inline WhitespaceRun blank_run(const char* document, std::size_t at, std::size_t size) {
  WhitespaceRun run{at, false};
  for (; run.end < size && is(document[run.end], kWhiteSpace); ++run.end)
    run.carriage_return = run.carriage_return || document[run.end] == '\r';
  return run;
}

/// The offset of the first of < & ] CR.
inline std::size_t text_end(const char* document, std::size_t at, std::size_t size) {
  const auto stops = [](char c) { return c == '<' || c == '&' || c == ']' || c == '\r'; };
  while (at < size && !stops(document[at])) ++at;
  return at;
}

/// The offset of the first byte of an attribute value that needs a closer look: the quote, < and &, and
/// everything that is not printable ASCII.
inline std::size_t value_end(const char* document, std::size_t at, std::size_t size, char quote) {
  const auto stops = [quote](char c) {
    return c == quote || c == '<' || c == '&' || static_cast<signed char>(c) < ' ';
  };
  while (at < size && !stops(document[at])) ++at;
  return at;
}

inline NameRun name_run(const char* document, std::size_t at, std::size_t size) {
  NameRun run{at, size, false};
  for (; run.end < size && (is(document[run.end], kAsciiNameByte) || document[run.end] == ':'); ++run.end) {
    if (document[run.end] != ':') continue;
    run.second_colon = run.second_colon || run.colon != size;
    run.colon = std::min(run.colon, run.end);
  }
  run.colon = std::min(run.colon, run.end);
  return run;
}

/// Whether all are ASCII letters and digits.
inline bool alphanumeric(const char* text, std::size_t count) {
  return std::all_of(text, text + count, [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  });
}

/// The offset of the first `wanted` byte.
inline std::size_t find(const char* document, std::size_t at, std::size_t size, char wanted) {
  while (at < size && document[at] != wanted) ++at;
  return at;
}

/// The offset of the first occurrence of a text of two bytes or more.
inline std::size_t find(const char* document, std::size_t at, std::size_t size, std::string_view wanted) {
  return std::min(std::string_view(document, size).find(wanted, at), size);
}

inline bool same_bytes(const char* a, const char* b, std::size_t count) {
  return count == 0 || std::memcmp(a, b, count) == 0;
}

/// Whether the bytes at two offsets of a document are equal.
inline bool same_bytes(const char* document, std::size_t a, std::size_t b, std::size_t count,
                       std::size_t /*size*/) {
  return same_bytes(document + a, document + b, count);
}

}  // namespace portable

#if defined(__SSE2__)

/// Sixteen bytes, tested all at once; in a result, bit i stands for byte i.
class Block {
 public:
  explicit Block(const char* at) { std::memcpy(&bytes_, at, sizeof bytes_); }

  unsigned equal(const Block& other) const { return mask(_mm_cmpeq_epi8(bytes_, other.bytes_)); }
  unsigned equal(char c) const { return mask(are(c)); }
  unsigned white_space() const {
    return mask(_mm_or_si128(_mm_or_si128(are(' '), are('\n')), _mm_or_si128(are('\t'), are('\r'))));
  }
  unsigned text_stops() const {
    return mask(_mm_or_si128(_mm_or_si128(are('<'), are('&')), _mm_or_si128(are(']'), are('\r'))));
  }
  unsigned value_stops(char quote) const {
    return mask(_mm_or_si128(_mm_or_si128(are(quote), are('<')),
                             _mm_or_si128(are('&'), _mm_cmplt_epi8(bytes_, _mm_set1_epi8(' ')))));
  }
  /// Letters, digits, - . _ and the colon; between '-' and ':' only '/' is not a name byte.
  unsigned name_bytes() const {
    const __m128i letters = within(_mm_or_si128(bytes_, _mm_set1_epi8(0x20)), 'a', 'z');
    const __m128i others = _mm_andnot_si128(are('/'), within(bytes_, '-', ':'));
    return mask(_mm_or_si128(_mm_or_si128(letters, others), are('_')));
  }
  unsigned alphanumeric() const {
    const __m128i letters = within(_mm_or_si128(bytes_, _mm_set1_epi8(0x20)), 'a', 'z');
    return mask(_mm_or_si128(letters, within(bytes_, '0', '9')));
  }

 private:
  static unsigned mask(__m128i found) { return static_cast<unsigned>(_mm_movemask_epi8(found)); }
  __m128i are(char c) const { return _mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c)); }
  static __m128i within(__m128i bytes, char first, char last) {
    const __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(static_cast<char>(last - first))), above);
  }

  __m128i bytes_;
};

inline constexpr unsigned kWholeBlock = 0xFFFF;

/// The offset of the first byte from `at` on that `stops` marks in its block. Two blocks are tested without a
/// branch between them; `rest` handles the bytes after the last whole pair.
template <class Stops, class Rest>
std::size_t first_stop(const char* document, std::size_t at, std::size_t size, Stops stops, Rest rest) {
  for (; size - at >= 2 * sizeof(Block); at += 2 * sizeof(Block)) {
    const unsigned found = stops(Block(document + at)) | stops(Block(document + at + sizeof(Block)))
                                                             << sizeof(Block);
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
  }
  return rest(at);
}

inline WhitespaceRun blank_run(const char* document, std::size_t at, std::size_t size) {
  unsigned carriage_returns = 0;
  for (; size - at >= sizeof(Block); at += sizeof(Block)) {
    const Block block(document + at);
    const unsigned stops = block.white_space() ^ kWholeBlock;
    const unsigned before = stops == 0 ? kWholeBlock : (stops & -stops) - 1;
    carriage_returns |= block.equal('\r') & before;
    if (stops != 0) return {at + static_cast<std::size_t>(std::countr_zero(stops)), carriage_returns != 0};
  }
  const WhitespaceRun rest = portable::blank_run(document, at, size);
  return {rest.end, rest.carriage_return || carriage_returns != 0};
}

inline std::size_t text_end(const char* document, std::size_t at, std::size_t size) {
  return first_stop(
      document, at, size, [](const Block& block) { return block.text_stops(); },
      [=](std::size_t rest) { return portable::text_end(document, rest, size); });
}

inline std::size_t value_end(const char* document, std::size_t at, std::size_t size, char quote) {
  return first_stop(
      document, at, size, [quote](const Block& block) { return block.value_stops(quote); },
      [=](std::size_t rest) { return portable::value_end(document, rest, size, quote); });
}

/// Most names fit into one or two blocks.
inline NameRun name_run(const char* document, std::size_t at, std::size_t size) {
  if (size - at < 2 * sizeof(Block)) return portable::name_run(document, at, size);
  const Block block(document + at);
  unsigned stops = block.name_bytes() ^ kWholeBlock;
  unsigned colons = block.equal(':');
  if (stops == 0) {
    const Block second(document + at + sizeof(Block));
    stops = (second.name_bytes() ^ kWholeBlock) << sizeof(Block);
    if (stops == 0) return portable::name_run(document, at, size);
    colons |= second.equal(':') << sizeof(Block);
  }
  const std::size_t end = at + static_cast<std::size_t>(std::countr_zero(stops));
  colons &= (stops & -stops) - 1;
  return {end, colons == 0 ? end : at + static_cast<std::size_t>(std::countr_zero(colons)),
          (colons & (colons - 1)) != 0};
}

inline bool alphanumeric(const char* text, std::size_t count) {
  if (count < sizeof(Block)) return portable::alphanumeric(text, count);
  const std::size_t last = count - sizeof(Block);
  unsigned all = Block(text + last).alphanumeric();
  for (std::size_t i = 0; i < last; i += sizeof(Block)) all &= Block(text + i).alphanumeric();
  return all == kWholeBlock;
}

inline std::size_t find(const char* document, std::size_t at, std::size_t size, char wanted) {
  return first_stop(
      document, at, size, [wanted](const Block& block) { return block.equal(wanted); },
      [=](std::size_t rest) { return portable::find(document, rest, size, wanted); });
}

/// For texts of two or three bytes: a document full of false starts costs no more than any other.
inline std::size_t find(const char* document, std::size_t at, std::size_t size, std::string_view wanted) {
  for (; at < size && size - at >= sizeof(Block) + wanted.size() - 1; at += sizeof(Block)) {
    unsigned found = kWholeBlock;
    for (std::size_t i = 0; i < wanted.size(); ++i) found &= Block(document + at + i).equal(wanted[i]);
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
  }
  return portable::find(document, at, size, wanted);
}

/// Beyond 16 bytes the last block overlaps the one before it; up to 16 bytes two halves overlap.
inline bool same_bytes(const char* a, const char* b, std::size_t count) {
  if (count >= sizeof(Block)) {
    const std::size_t last = count - sizeof(Block);
    for (std::size_t i = 0; i < last; i += sizeof(Block)) {
      if (Block(a + i).equal(Block(b + i)) != kWholeBlock) return false;
    }
    return Block(a + last).equal(Block(b + last)) == kWholeBlock;
  }
  const auto halves_differ = [=]<class Word>(Word) {
    const auto word = [](const char* p) {
      Word bytes;
      std::memcpy(&bytes, p, sizeof bytes);
      return bytes;
    };
    const std::size_t last = count - sizeof(Word);
    return ((word(a) ^ word(b)) | (word(a + last) ^ word(b + last))) != 0;
  };
  if (count >= sizeof(std::uint64_t)) return !halves_differ(std::uint64_t{});
  if (count >= sizeof(std::uint32_t)) return !halves_differ(std::uint32_t{});
  for (std::size_t i = 0; i < count; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

/// Whether the bytes at two offsets of a document are equal. Up to 32 bytes are compared without a branch on
/// the length, which a processor cannot predict.
inline bool same_bytes(const char* document, std::size_t a, std::size_t b, std::size_t count,
                       std::size_t size) {
  constexpr std::size_t kMost = 2 * sizeof(Block);
  if (count > kMost || size - std::max(a, b) < kMost) return same_bytes(document + a, document + b, count);
  const auto equal = [=](std::size_t i) {
    return std::uint64_t{Block(document + a + i).equal(Block(document + b + i))} << i;
  };
  const std::uint64_t wanted = (std::uint64_t{1} << count) - 1;
  return ((equal(0) | equal(sizeof(Block))) & wanted) == wanted;
}

#else

using portable::alphanumeric;
using portable::blank_run;
using portable::find;
using portable::name_run;
using portable::same_bytes;
using portable::text_end;
using portable::value_end;

#endif

inline bool same_text(std::string_view a, std::string_view b) {
  return a.size() == b.size() && same_bytes(a.data(), b.data(), a.size());
}

}  // namespace sfjwt::xml
