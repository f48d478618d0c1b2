// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sfjwt::xml {

/// The character content between two tags, as written in the document.
struct Content {
  enum Trait : std::uint8_t {
    kNotWhiteSpace = 1,   // a character other than white space, or a reference or CDATA section
    kReference = 2,       // references with &
    kCdata = 4,           // CDATA sections
    kComment = 8,         // comments
    kCarriageReturn = 16  // CR, which becomes LF (XML 1.0 section 2.11)
  };
  std::string_view raw;
  std::uint8_t traits = 0;
  bool blank() const { return (traits & kNotWhiteSpace) == 0; }
  /// Whether the raw bytes are the value.
  bool plain() const { return (traits & (kReference | kCdata | kComment | kCarriageReturn)) == 0; }
};

/// The value that an XML processor reports for accepted character content: references resolved, CDATA
/// sections unwrapped, comments removed, line ends normalised.
std::string character_data(const Content& content);
/// Appends it. It is never longer than the raw content, so that a string with this much room does not move:
/// a secret leaves no copy.
void append_character_data(std::string& value, const Content& content);

/// Whether accepted character content is only white space, written literally, as references or in CDATA
/// sections (XML Schema Part 1 section 3.4.4 refers to character codes). Comments do not count.
bool only_white_space_when_resolved(const Content& content);
inline bool only_white_space(const Content& content) {
  return content.blank() || only_white_space_when_resolved(content);
}

/// The value that an XML processor reports for an accepted attribute value (XML 1.0 section 3.3.3, type
/// CDATA).
std::string attribute_text(std::string_view raw_value);

/// The offset after the reference that begins with the '&' at `at`, if it refers to one of the five
/// predefined entities or to a character that XML allows (XML 1.0 sections 4.1 and 4.6); otherwise 0.
std::size_t reference_end(std::string_view document, std::size_t at);

}  // namespace sfjwt::xml
