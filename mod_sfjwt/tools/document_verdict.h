// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/soap/document_error.h"

namespace sfjwt::tools {

/// "LINE:COLUMN PATH".
std::string place_of(const xml::LocatedViolation& error);

/// Prints "FILE: refused LINE:COLUMN PATH: reason".
void print_refused(const std::string& file, const xml::LocatedViolation& error);

}  // namespace sfjwt::tools
