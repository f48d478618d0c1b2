// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "mod_sfjwt/soap/document_error.h"
#include "mod_sfjwt/soap/limits.h"
#include "mod_sfjwt/soap/namespaces.h"

namespace sfjwt::soap {

/// The violation as it is told: with line, column and path, found by reading the document once more up to
/// there. Linear in the bytes.
DocumentError located(std::string_view document, const Namespaces& namespaces, const Limits& limits,
                      const Violation& violation);

}  // namespace sfjwt::soap
