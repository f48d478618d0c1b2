// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/text.h"

#include <algorithm>
#include <array>

#include "mod_sfjwt/core/hex.h"

namespace sfjwt {
namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::string_view entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&apos;";
    default:
      return {};
  }
}

constexpr std::array<bool, 256> kHasEntity = [] {
  std::array<bool, 256> has{};
  for (std::size_t i = 0; i < has.size(); ++i) has[i] = !entity_of(static_cast<char>(i)).empty();
  return has;
}();

}  // namespace

std::string ascii_lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  return lowered;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  std::size_t from = 0;  // start of the text that is not copied yet
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!kHasEntity[static_cast<unsigned char>(text[i])]) continue;
    escaped.append(text, from, i - from).append(entity_of(text[i]));
    from = i + 1;
  }
  escaped.append(text, from);
  return escaped;  // not what append() returns: that is a reference, and returning it would leave a copy of a
                   // secret behind
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string shown;
  for (const char c : text.substr(0, limit)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '\\') {
      shown += c;
    } else {
      shown += "\\x";
      append_hex(shown, byte);
    }
  }
  if (text.size() > limit) shown += "...";
  return shown;
}

}  // namespace sfjwt
