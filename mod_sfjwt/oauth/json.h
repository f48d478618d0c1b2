// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::oauth {

/// The maximum nesting of arrays and objects; a token response has a depth of one.
inline constexpr std::size_t kMaxJsonDepth = 32;

/// Whether the text is one JSON value, strictly by RFC 8259 and by the additional rules of RFC 7515 section 4
/// and I-JSON (RFC 7493): UTF-8 without a byte order mark, no duplicate member names in an object (compared
/// after unescaping), no lone surrogates, no number outside the range of a double, at most kMaxJsonDepth
/// levels. The error gives the reason and the byte offset, but never the content. Linear in the bytes except
/// for sorting member names. Throws only std::bad_alloc.
///
/// A separate pass, because jsoncpp, even in strict mode, accepts raw control characters, invalid UTF-8 and
/// more.
Result<Done, std::string> check_json(std::string_view text);

/// The text between the quotes of a string member of the outermost object, with escapes unchanged; nullopt if
/// check_json refuses the text, or if there is no such member or it is not a string.
std::optional<std::string_view> raw_string_member(std::string_view text, std::string_view name);

/// The text as a JSON string with its quotes (RFC 8259 section 7); nullopt if it is not UTF-8.
std::optional<std::string> json_string(std::string_view text);

}  // namespace sfjwt::oauth
