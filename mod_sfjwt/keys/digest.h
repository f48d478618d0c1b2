// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfjwt::keys {

/// A substitute for a text that logs must not show: the first 16 hexadecimal digits of its SHA-256. Equal
/// texts have equal digests, so a reader with a list of candidates can identify the text. Throws
/// std::runtime_error if OpenSSL has no SHA-256.
std::string short_digest(std::string_view text);

}  // namespace sfjwt::keys
