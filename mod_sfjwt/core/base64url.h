// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sfjwt {

/// How many characters `bytes` bytes become.
constexpr std::size_t base64url_size(std::size_t bytes) {
  return bytes / 3 * 4 + (bytes % 3 * 4 + 2) / 3;
}

/// Appends bytes in the URL-safe alphabet without padding (RFC 4648 section 5, RFC 7515 section 2). Appends
/// only, so that secrets can be written into room that was reserved and leave no copies behind.
void append_base64url(std::string& text, std::string_view bytes);

/// The bytes, or nothing when the text is not base64url without padding.
std::optional<std::string> base64url_decoded(std::string_view text);

}  // namespace sfjwt
