// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/httpd/request/exchange.h"

namespace sfjwt::httpd {

/// One line at level info when the token of the exchange was fetched for this request: how long that took,
/// for which client and section, and at which instance it is used. Nothing when it came from the cache.
void log_fetch(request_rec* r, const Exchange& exchange);

}  // namespace sfjwt::httpd
