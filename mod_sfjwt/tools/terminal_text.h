// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfjwt::tools {

/// Makes text safe for one line of a terminal: control characters, line separators, characters that change
/// the text direction, and bytes that are not UTF-8 become \xHH; everything else is unchanged.
std::string escaped(std::string_view text);

}  // namespace sfjwt::tools
