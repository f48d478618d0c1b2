// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// The table of all directives, closed by an empty entry. Each is checked when it is read, as far as it can
/// be by itself; what needs the whole configuration is checked by SectionRegistry.
const command_rec* directives();

}  // namespace sfjwt::httpd
