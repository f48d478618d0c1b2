// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// One line of the error log about a request: code, message, operation, subject and request id. Takes no
/// memory but httpd's, so it can report that there is none.
void log_line(const request_rec* r, int level, std::string_view code, std::string_view message) noexcept;

}  // namespace sfjwt::httpd
