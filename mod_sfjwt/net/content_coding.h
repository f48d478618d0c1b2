// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sfjwt::net {

/// A message body without its content coding (RFC 9110 section 8.4.1): gzip, x-gzip, deflate, identity, or
/// none named. Nothing for another coding or several, for a body that is not whole or not encoded as it says,
/// and for one that is larger than `limit` bytes when decoded; no more memory than that is used.
std::optional<std::string> decoded(std::string_view body, std::string_view coding, std::size_t limit);

}  // namespace sfjwt::net
