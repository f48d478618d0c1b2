// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Writes one line about a request to the error log: code, message, operation, subject and request id. Uses
/// only memory of httpd, so that it can report that memory is exhausted.
void log_line(const request_rec* r, int level, std::string_view code, std::string_view message) noexcept;

}  // namespace sfjwt::httpd
