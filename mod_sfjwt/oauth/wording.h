// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sfjwt::oauth {

/// Whether a text from a server may be quoted: at most 200 bytes, and every word is on a fixed list of words
/// used in OAuth error codes and descriptions. A server may echo an assertion or a token, whole or in pieces;
/// a text that passes contains nothing but listed words.
bool is_plain_wording(std::string_view text);

/// Whether a text repeats a part of a secret: eight consecutive letters or digits, regardless of case and of
/// other characters between them.
bool echoes(std::string_view text, std::string_view secret);

}  // namespace sfjwt::oauth
