// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sfjwt {

/// Number of characters that encode `bytes` bytes.
constexpr std::size_t base64url_size(std::size_t bytes) {
  return bytes / 3 * 4 + (bytes % 3 * 4 + 2) / 3;
}

/// Appends the bytes in the URL-safe alphabet without padding (RFC 4648 section 5, RFC 7515 section 2). It
/// only appends, so that a secret can be written into reserved space without leaving copies behind.
void append_base64url(std::string& text, std::string_view bytes);

/// nullopt if the text is not base64url without padding.
std::optional<std::string> base64url_decoded(std::string_view text);

}  // namespace sfjwt
