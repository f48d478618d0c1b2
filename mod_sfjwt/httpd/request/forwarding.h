// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/request/exchange.h"

namespace sfjwt::httpd {

/// Has mod_proxy forward the rewritten body, and once more with a new token when Salesforce answers that the
/// session is over; the client sees nothing of it. Nothing else is ever repeated, and nothing after a byte
/// has gone to the client. Without a new token, or when that one is not taken either, the fault of Salesforce
/// passes as it came. Where an attempt was stopped, or the proxy gave up with 500, 502, 503 or 504 and gave
/// the client nothing, the client gets a SOAP fault that tells whether anything was sent to Salesforce and
/// why no answer came, unless the administrator has an ErrorDocument for it. Answers what a handler returns.
int forward(request_rec* r, Exchange& exchange);

}  // namespace sfjwt::httpd
