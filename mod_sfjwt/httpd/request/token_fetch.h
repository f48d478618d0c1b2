// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/httpd/request/exchange.h"

namespace sfjwt::httpd {

/// Gets the token for an admitted request, from the cache or the token endpoint, and notes and logs that.
/// Returns why there is none.
std::optional<gateway::Refusal> fetch_token(request_rec* r, Exchange& exchange);

/// Writes one line at level info if the token was fetched for this request: how long that took, for which
/// client and section, and the instance of the token. Writes nothing if the token came from the cache.
void log_fetch(request_rec* r, const Exchange& exchange);

}  // namespace sfjwt::httpd
