// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// The table of all directives, terminated by an empty entry. Each directive is checked by itself when it is
/// read; SectionRegistry checks what needs the whole configuration.
const command_rec* directives();

}  // namespace sfjwt::httpd
