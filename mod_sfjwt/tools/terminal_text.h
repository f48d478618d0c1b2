// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfjwt::tools {

/// Text for one line of a terminal: control characters, line separators, characters that change the direction
/// of writing, and bytes that are not UTF-8 as \xHH; all else as it is.
std::string escaped(std::string_view text);

}  // namespace sfjwt::tools
