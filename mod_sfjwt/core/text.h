// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfjwt {

/// A view of a char* from a C library; null becomes the empty view.
constexpr std::string_view as_view(const char* text) {
  return text ? std::string_view(text) : std::string_view();
}

/// Converts ASCII letters to lower case.
std::string ascii_lower(std::string_view text);

/// Compares without regard to the case of ASCII letters.
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Removes leading and trailing XML white space (XML 1.0 section 2.3: space, tab, CR, LF).
std::string_view trimmed(std::string_view text);

/// Replaces `& < > " '` with the five predefined entities, so that the text can be used in content and in
/// attribute values.
std::string xml_escaped(std::string_view text);

/// Writes bytes outside printable ASCII, and the backslash, as \xHH, so that a log entry stays one line. At
/// most `limit` bytes of the text are shown.
std::string printable(std::string_view text, std::size_t limit = 255);

}  // namespace sfjwt
