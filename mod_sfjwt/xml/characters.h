// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sfjwt::xml {

/// The classes of an ASCII byte in markup. Bytes from 0x80 on are kNameStart | kNameByte here; is_name_start
/// and is_name_character decide on them.
enum CharacterClass : std::uint8_t {
  kNameStart = 1,      // can begin a name without colon (NCName, Namespaces in XML section 3)
  kNameByte = 2,       // can continue one
  kAsciiNameByte = 8,  // kNameByte below 0x80
  kWhiteSpace = 4,     // XML 1.0 production S
};

extern const std::array<std::uint8_t, 256> kCharacterClasses;

inline bool is(char c, std::uint8_t classes) {
  return (kCharacterClasses[static_cast<unsigned char>(c)] & classes) != 0;
}

/// The result of checking the bytes of a document before its markup.
struct CharacterCheck {
  std::size_t first_bad;  // offset of the first byte that is not part of a valid character, or the size
  bool ascii;             // no byte from 0x80 on before that offset
};

/// Finds the first byte that is not part of a character of XML 1.0 (production Char, section 2.2) in
/// well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). Control
/// characters, U+FFFE and U+FFFF are not characters of XML.
CharacterCheck check_characters(std::string_view bytes);

/// The same without vector instructions; tests compare the two.
CharacterCheck check_characters_portably(std::string_view bytes);

/// The code point at an offset of checked UTF-8, and its length in bytes.
struct CodePoint {
  char32_t value;
  unsigned length;
};
CodePoint code_point_at(const char* bytes);

/// XML 1.0 (fifth edition) productions NameStartChar and NameChar without the colon.
bool is_name_start(char32_t character);
bool is_name_character(char32_t character);

/// Production Char.
bool is_character(char32_t character);

}  // namespace sfjwt::xml
