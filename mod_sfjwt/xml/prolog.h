// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/xml/violation.h"

namespace sfjwt::xml {

/// Checks the bytes of a document before its markup: the encoding is UTF-8, as detected and as declared (XML
/// 1.0 sections 2.8 and 4.3.3, appendix F), the version is 1.0, and all characters are allowed in XML.
/// Returns the offset after the byte order mark and the XML declaration, both of which are optional.
Result<std::size_t, Violation> read_prolog(std::string_view document);

}  // namespace sfjwt::xml
