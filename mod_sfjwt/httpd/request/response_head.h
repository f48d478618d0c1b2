// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Why the head of a backend's response is invalid, as mod_proxy has read it and before a byte of it is sent;
/// null if it is valid. Invalid is what httpd could not send (RFC 9110 section 5: names are tokens, values
/// have no control characters), an invalid status, and bytes without a status line, which mod_proxy reads as
/// an HTTP/0.9 response.
const char* response_head_defect(const request_rec* r);

/// Call it before each attempt: a note of mod_proxy shows whether it has seen a status line.
void expect_response_head(request_rec* r);

}  // namespace sfjwt::httpd
