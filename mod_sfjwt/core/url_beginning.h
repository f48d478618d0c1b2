// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sfjwt {

/// The part of a pattern with wildcards (`*`, `?`, `[...]`, backslashes) that every match begins with.
std::string_view literal_beginning(std::string_view pattern);

/// Whether an address that a token may go to (gateway/target.h), or the balancer:// or unix: address of one,
/// can begin with this text. Any path counts, and so does what is not understood.
bool may_begin_token_url(std::string_view beginning, const std::vector<std::string>& allowed_hosts);

/// Whether the text ends within the host of its URL, so that longer host names begin with it too.
bool ends_within_host(std::string_view beginning);

}  // namespace sfjwt
