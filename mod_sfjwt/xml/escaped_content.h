// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfjwt::xml {

/// Any bytes as the content of an element or as an attribute value: escaped, and with U+FFFD for each byte
/// that is not UTF-8 or not a character of XML 1.0, which cannot be written at all, not even as a reference.
std::string escaped_content(std::string_view text);

}  // namespace sfjwt::xml
