// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "mod_sfjwt/httpd/request/exchange.h"

namespace sfjwt::httpd {

/// Whether mod_proxy will forward this request as a reverse proxy (ProxyPass, RewriteRule [P], SetHandler
/// proxy:).
bool goes_to_proxy(const request_rec* r);

/// Why a token may not leave for where this request is going, as far as that is known before mod_proxy has
/// run: a balancer chooses its member later.
std::optional<gateway::Refusal> refused_target(const request_rec* r, Exchange& exchange);

/// Has mod_proxy forward the rewritten body, twice if the session is over at first (httpd/request/replay.h);
/// answers what a handler returns.
int hand_to_proxy(request_rec* r, Exchange& exchange);

/// One run of mod_proxy with the body and the token in use, and without the headers that are the caller's
/// own, to where ProxyPass says or to the instance of the token (SFJwtInstance); answers what mod_proxy
/// answers. The request is afterwards as it was, but for its response and its target.
int run_proxy(request_rec* r, Exchange& exchange);

/// Registers the last look at the target and the response filter. Once per configuration.
void register_proxy_handoff();

}  // namespace sfjwt::httpd
