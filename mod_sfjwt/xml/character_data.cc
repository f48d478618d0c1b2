// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/character_data.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/utf8.h"
#include "mod_sfjwt/xml/characters.h"

namespace sfjwt::xml {
namespace {

struct Entity {
  std::string_view reference;  // after the '&'
  char character;
};

// XML 1.0 section 4.6.
constexpr Entity kEntities[] = {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};

// Parses the character reference whose digits begin at `at`. A value that is too large stays out of range
// instead of wrapping.
struct CharacterReference {
  char32_t value = 0;
  std::size_t end = 0;  // after the semicolon; 0: malformed
};

CharacterReference character_reference(std::string_view document, std::size_t at) {
  const bool hex = at < document.size() && document[at] == 'x';
  const std::size_t digits = hex ? at + 1 : at;
  CharacterReference reference;
  for (at = digits; at < document.size(); ++at) {
    const char c = document[at];
    const char folded = static_cast<char>(c | 0x20);
    const bool decimal = c >= '0' && c <= '9';
    if (!decimal && !(hex && folded >= 'a' && folded <= 'f')) break;
    const auto digit = static_cast<char32_t>(decimal ? c - '0' : folded - 'a' + 10);
    reference.value = std::min<char32_t>(reference.value * (hex ? 16 : 10) + digit, 0x110000);
  }
  if (at > digits && at < document.size() && document[at] == ';') reference.end = at + 1;
  return reference;
}

// Decodes an accepted reference "&...;" at the start of `text`; returns the character and its length in
// bytes.
CodePoint resolved_reference(std::string_view text) {
  if (text[1] == '#') {
    const CharacterReference reference = character_reference(text, 2);
    return {reference.value, static_cast<unsigned>(reference.end)};
  }
  const auto* entity = std::find_if(std::begin(kEntities), std::end(kEntities), [text](const Entity& e) {
    return text.substr(1).starts_with(e.reference);
  });
  return {static_cast<char32_t>(entity->character), static_cast<unsigned>(entity->reference.size() + 1)};
}

// Resolves references and normalises line ends (XML 1.0 section 2.11), but leaves CDATA sections and comments
// as they are.
void append_resolved(std::string& value, std::string_view raw, bool attribute) {
  const std::string_view special = attribute ? "&\r\n\t" : "&\r";
  while (!raw.empty()) {
    const std::size_t plain = std::min(raw.find_first_of(special), raw.size());
    value.append(raw.substr(0, plain));
    raw.remove_prefix(plain);
    if (raw.empty()) return;
    std::size_t read = 1;
    if (raw[0] == '&') {
      const CodePoint character = resolved_reference(raw);
      append_utf8(value, character.value);
      read = character.length;
    } else {
      if (raw.substr(0, 2) == "\r\n") read = 2;
      value += attribute ? ' ' : '\n';
    }
    raw.remove_prefix(read);
  }
}

void append_cdata(std::string& value, std::string_view raw) {
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\r') {
      value += raw[i];
    } else if (i + 1 == raw.size() || raw[i + 1] != '\n') {
      value += '\n';
    }
  }
}

}  // namespace

void append_character_data(std::string& value, const Content& content) {
  std::string_view rest = content.raw;
  if (content.plain()) {
    value.append(rest);
    return;
  }
  while (!rest.empty()) {
    const auto markup = std::min(rest.find('<'), rest.size());
    append_resolved(value, rest.substr(0, markup), false);
    rest.remove_prefix(markup);
    if (rest.empty()) break;
    const bool comment = rest[2] == '-';
    const auto end = comment ? rest.find("-->", 4) : rest.find("]]>", 9);
    if (!comment) append_cdata(value, rest.substr(9, end - 9));
    rest.remove_prefix(end + 3);
  }
}

std::string character_data(const Content& content) {
  std::string value;
  append_character_data(value, content);
  return value;
}

bool only_white_space_when_resolved(const Content& content) {
  std::string_view rest = content.raw;
  while (!rest.empty()) {
    std::size_t read = 1;
    if (rest[0] == '&') {
      const CodePoint character = resolved_reference(rest);
      if (character.value > ' ' || !is(static_cast<char>(character.value), kWhiteSpace)) return false;
      read = character.length;
    } else if (rest[0] == '<') {
      const bool comment = rest[2] == '-';
      const std::size_t begin = comment ? 4 : 9;
      const std::size_t end = rest.find(comment ? "-->" : "]]>", begin);
      if (!comment && !trimmed(rest.substr(begin, end - begin)).empty()) return false;
      read = end + 3;
    } else if (!is(rest[0], kWhiteSpace)) {
      return false;
    }
    rest.remove_prefix(read);
  }
  return true;
}

std::string attribute_text(std::string_view raw_value) {
  std::string value;
  append_resolved(value, raw_value, true);
  return value;
}

std::size_t reference_end(std::string_view document, std::size_t at) {
  const std::string_view name = document.substr(at + 1, 5);
  if (name.starts_with('#')) {
    const CharacterReference reference = character_reference(document, at + 2);
    return is_character(reference.value) ? reference.end : 0;
  }
  for (const Entity& entity : kEntities) {
    if (name.starts_with(entity.reference)) return at + 1 + entity.reference.size();
  }
  return 0;
}

}  // namespace sfjwt::xml
