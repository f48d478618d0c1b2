// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/request/exchange.h"
#include "mod_sfjwt/httpd/request/fault_watch.h"

namespace sfjwt::httpd {

/// Runs mod_proxy, and once more with a new token when Salesforce answers that the session is over; the
/// client sees nothing of it. Nothing else is ever repeated, and nothing after a byte has gone to the client.
/// Without a new token, or when that one is not taken either, the fault of Salesforce passes as it came.
/// Answers what the last run answered, or 502 for a response that broke off before anything was sent.
int run_renewing(request_rec* r, Exchange& exchange, FaultWatch& watch);

}  // namespace sfjwt::httpd
