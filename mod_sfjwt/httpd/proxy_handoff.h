// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "mod_sfjwt/httpd/exchange.h"

namespace sfjwt::httpd {

/// Whether mod_proxy will forward this request as a reverse proxy (ProxyPass, RewriteRule [P], SetHandler
/// proxy:).
bool goes_to_proxy(const request_rec* r);

/// Why a token may not leave for where this request is going, as far as that is known before mod_proxy has
/// run: a balancer chooses its member later.
std::optional<gateway::Refusal> refused_target(const request_rec* r, Exchange& exchange);

/// Runs mod_proxy with the rewritten body and without the headers that are the caller's own; answers what the
/// proxy answers. The request is afterwards as it was, but for its response.
int hand_to_proxy(request_rec* r, Exchange& exchange);

/// Registers the last look at the target and the response filter. Once per configuration.
void register_proxy_handoff();

}  // namespace sfjwt::httpd
