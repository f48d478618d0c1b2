// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sfjwt::net {

/// Removes the content coding of a message body (RFC 9110 section 8.4.1): gzip, x-gzip, deflate, identity or
/// none. nullopt for other codings and for several, for a truncated or malformed body, and for one that is
/// larger than `limit` bytes when decoded; it does not use more memory than that.
std::optional<std::string> decoded(std::string_view body, std::string_view coding, std::size_t limit);

}  // namespace sfjwt::net
