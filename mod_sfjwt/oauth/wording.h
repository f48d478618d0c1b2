// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sfjwt::oauth {

/// Whether a text of a server may be quoted: at most 200 bytes, and every word of it is one that error codes
/// and error descriptions of OAuth are made of (a fixed list). A server may echo an assertion or a token,
/// whole or in pieces; what passes here says nothing that is not in the list.
bool is_plain_wording(std::string_view text);

/// Whether a text repeats a part of a secret: eight letters or digits in a row, whatever stands between them
/// and whatever their case.
bool echoes(std::string_view text, std::string_view secret);

}  // namespace sfjwt::oauth
