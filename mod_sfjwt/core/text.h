// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfjwt {

/// A char* of a C library that may be null, as a view; null is the empty view.
constexpr std::string_view as_view(const char* text) {
  return text ? std::string_view(text) : std::string_view();
}

/// ASCII letters to lower case, everything else as it is.
std::string ascii_lower(std::string_view text);

/// Equal but for the case of ASCII letters.
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Without leading and trailing XML white space (XML 1.0 section 2.3: space, tab, CR, LF).
std::string_view trimmed(std::string_view text);

/// The five predefined entities in place of `& < > " '`, so that the text may stand in content or in an
/// attribute.
std::string xml_escaped(std::string_view text);

/// Bytes outside printable ASCII, and the backslash, as \xHH: one log line stays one log line. At most
/// `limit` bytes of the text are shown.
std::string printable(std::string_view text, std::size_t limit = 255);

}  // namespace sfjwt
