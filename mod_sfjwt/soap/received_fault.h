// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sfjwt::soap {

/// Whether a response is a SOAP fault with this code: a complete, well-formed envelope whose Body contains a
/// Fault and nothing else, with the code as local name of its faultcode (SOAP 1.1 section 4.4, with any
/// prefix) or of a Subcode (SOAP 1.2 part 1 section 5.4.1). The same text elsewhere, such as in detail,
/// reason or data, does not count.
bool is_fault_with_code(std::string_view document, std::string_view code);

}  // namespace sfjwt::soap
