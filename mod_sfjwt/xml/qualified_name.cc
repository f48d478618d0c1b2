// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/qualified_name.h"

#include "mod_sfjwt/xml/characters.h"

namespace sfjwt::xml {

const char* nc_name_end(const char* p, const char* end) {
  const char* const begin = p;
  while (p < end && is(*p, p == begin ? kNameStart : kNameByte)) {
    if (is(*p, kAsciiNameByte)) {
      ++p;
      continue;
    }
    const CodePoint character = code_point_at(p);
    if (!(p == begin ? is_name_start(character.value) : is_name_character(character.value))) break;
    p += character.length;
  }
  return p;
}

std::optional<QualifiedName> read_unusual_name(Cursor& cursor, const Limits& limits) {
  const char* const begin = cursor.document + cursor.at;
  const char* const end = cursor.document + cursor.size;
  const char* part = begin;  // where the current NCName begins
  std::size_t prefix_bytes = 0;
  const char* p = nc_name_end(begin, end);
  if (p != begin && p < end && *p == ':') {
    prefix_bytes = static_cast<std::size_t>(p - begin);
    part = p + 1;
    p = nc_name_end(part, end);
  }
  const std::string_view text(begin, static_cast<std::size_t>(p - begin));
  if (!limits.allow_name(text.size())) {
    cursor.refuse(Rule::limit, cursor.at, "a name is too long:", text);
    return std::nullopt;
  }
  cursor.at += text.size();
  if (p == part) {
    p >= end ? cursor.refuse(Rule::well_formed, cursor.size, "the document ends inside a tag")
             : cursor.refuse(Rule::well_formed, cursor.at, "a name is expected here");
    return std::nullopt;
  }
  return QualifiedName{text, static_cast<std::uint16_t>(prefix_bytes)};
}

}  // namespace sfjwt::xml
