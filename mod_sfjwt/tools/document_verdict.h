// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/soap/document_error.h"

namespace sfjwt::tools {

/// "LINE:COLUMN PATH".
std::string place_of(const soap::LocatedViolation& error);

/// Prints "FILE: refused LINE:COLUMN PATH: reason".
void print_refused(const std::string& file, const soap::LocatedViolation& error);

}  // namespace sfjwt::tools
