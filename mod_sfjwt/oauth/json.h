// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::oauth {

/// How deep arrays and objects may be nested; a token reply has a depth of one.
inline constexpr std::size_t kMaxJsonDepth = 32;

/// Whether the text is one JSON value by RFC 8259 to the letter, and by what RFC 7515 section 4 and I-JSON
/// (RFC 7493) ask beyond it: UTF-8 without a byte order mark, no member name twice in an object (compared
/// after unescaping), no lone surrogates, no number a double cannot hold, at most kMaxJsonDepth deep. The
/// error says what is wrong and at which byte, never what stands there. Linear in the bytes but for the
/// sorting of member names. Throws nothing but std::bad_alloc.
///
/// A pass of its own since jsoncpp, asked to be strict, still takes raw control characters, bad UTF-8 and
/// more.
Result<Done, std::string> check_json(std::string_view text);

/// What stands between the quotes of a member of the outermost object, escapes as they are written; nothing
/// when check_json refuses the text, or there is no such member, or it is no string.
std::optional<std::string_view> raw_string_member(std::string_view text, std::string_view name);

/// The text as a JSON string with its quotes (RFC 8259 section 7), or nothing when it is not UTF-8.
std::optional<std::string> json_string(std::string_view text);

}  // namespace sfjwt::oauth
