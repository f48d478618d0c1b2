// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tools/terminal_text.h"

#include "mod_sfjwt/core/hex.h"
#include "mod_sfjwt/core/utf8.h"

namespace sfjwt::tools {
namespace {

// Whether this well-formed UTF-8 sequence can be printed unchanged.
bool is_plain(std::string_view sequence) {
  if (sequence.size() == 1) return sequence[0] >= ' ' && sequence[0] != '\x7f';
  if (sequence.size() == 2) {
    const bool c1_control = sequence[0] == '\xC2' && static_cast<unsigned char>(sequence[1]) < 0xA0;
    return !c1_control && sequence != "\u061C";
  }
  const bool separator = sequence == "\u2028" || sequence == "\u2029";
  const bool mark = sequence == "\u200E" || sequence == "\u200F";
  const bool embedding = sequence >= std::string_view("\u202A") && sequence <= std::string_view("\u202E");
  const bool isolate = sequence >= std::string_view("\u2066") && sequence <= std::string_view("\u2069");
  return !separator && !mark && !embedding && !isolate;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    if (length > 0 && is_plain(sequence)) {
      line += sequence;
    } else {
      for (const char c : sequence) {
        line += "\\x";
        append_hex(line, static_cast<unsigned char>(c));
      }
    }
    text.remove_prefix(sequence.size());
  }
  return line;
}

}  // namespace sfjwt::tools
