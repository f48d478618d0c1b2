// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sfjwt::xml {

/// The character content between two tags, as it stands in the document.
struct Content {
  enum Trait : std::uint8_t {
    kNotWhiteSpace = 1,   // some character that is not white space, or a reference or CDATA section
    kReference = 2,       // & references
    kCdata = 4,           // CDATA sections
    kComment = 8,         // comments
    kCarriageReturn = 16  // CR, which is read as LF (XML 1.0 section 2.11)
  };
  std::string_view raw;
  std::uint8_t traits = 0;
  bool blank() const { return (traits & kNotWhiteSpace) == 0; }
  /// The raw bytes are the value: nothing to resolve.
  bool plain() const { return (traits & (kReference | kCdata | kComment | kCarriageReturn)) == 0; }
};

/// The value an XML processor reports for accepted character content: references resolved, CDATA opened,
/// comments left out, line ends normalised.
std::string character_data(const Content& content);

/// Whether accepted character content is white space alone, however it is written: as itself, by references
/// or in CDATA sections (XML Schema Part 1 section 3.4.4 looks at the characters' codes). Comments are no
/// content.
bool only_white_space_when_resolved(const Content& content);
inline bool only_white_space(const Content& content) {
  return content.blank() || only_white_space_when_resolved(content);
}

/// The value an XML processor reports for an accepted attribute value (XML 1.0 section 3.3.3, type CDATA).
std::string attribute_text(std::string_view raw_value);

/// Behind a reference to one of the five predefined entities or to a character that XML allows (XML 1.0
/// sections 4.1 and 4.6), which begins with the '&' at `at`; 0 if there is none.
std::size_t reference_end(std::string_view document, std::size_t at);

}  // namespace sfjwt::xml
