// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// What is wrong with the head of a backend's response, as mod_proxy has read it and before a byte of it is
/// sent; null: nothing. Refused is what httpd could not send on (RFC 9110 section 5: names are tokens, values
/// hold no control characters), a status that is none, and bytes without a status line, which mod_proxy takes
/// for an answer of HTTP/0.9.
const char* response_head_defect(const request_rec* r);

/// Before each attempt: mod_proxy tells by a note whether it has seen a status line.
void expect_response_head(request_rec* r);

}  // namespace sfjwt::httpd
