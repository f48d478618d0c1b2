// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/soap/document_error.h"
#include "oracle.h"

namespace sfjwt::soap {

/// Where libxml2 departs from XML Schema. If the first difference between the verdicts is one of its known
/// faults, the message with exactly that place mended, so that both can be asked again; nothing if it is
/// none. `ours` is null if we say valid.
std::optional<std::string> mended_fault(std::string_view message, const DocumentError* ours,
                                        const Opinion& theirs);

}  // namespace sfjwt::soap
