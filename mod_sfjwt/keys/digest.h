// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfjwt::keys {

/// A text for logs that are not to show it: the first 16 hexadecimal digits of its SHA-256. The same text
/// always has the same digest; whoever has a list of candidates can find out which it is. Throws
/// std::runtime_error when OpenSSL has no SHA-256.
std::string short_digest(std::string_view text);

}  // namespace sfjwt::keys
