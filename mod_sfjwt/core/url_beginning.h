// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sfjwt {

/// The part of a pattern with wildcards (`*`, `?`, `[...]`, backslashes) that every match begins with.
std::string_view literal_beginning(std::string_view pattern);

/// Whether the address of a backend that may receive a token (gateway/target.h), or a balancer:// or unix:
/// address of one, can begin with this text. Paths are ignored; a text that cannot be parsed counts as
/// possible.
bool may_begin_token_url(std::string_view beginning, const std::vector<std::string>& allowed_hosts);

/// Whether the text ends within the host of its URL, so that it is also a prefix of longer host names.
bool ends_within_host(std::string_view beginning);

}  // namespace sfjwt
