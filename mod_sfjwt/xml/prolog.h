// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/xml/violation.h"

namespace sfjwt::xml {

/// Judges the bytes of a document before any markup is looked at: UTF-8 by what it is and by what it says of
/// itself (XML 1.0 sections 2.8 and 4.3.3, appendix F), XML 1.0, no character that XML forbids. Answers the
/// offset behind the byte order mark and the XML declaration, either of which may be absent.
Result<std::size_t, Violation> read_prolog(std::string_view document);

}  // namespace sfjwt::xml
