// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/httpd/request/exchange.h"

namespace sfjwt::httpd {

/// Lets mod_proxy forward the rewritten body, and once more with a new token if Salesforce answers that the
/// session is over; the client does not notice. Nothing else is ever repeated, and nothing after a byte has
/// been sent to the client. If there is no new token, or it is not accepted either, the client gets the fault
/// from Salesforce unchanged. If an attempt was stopped, or the proxy gave up with 500, 502, 503 or 504 and
/// sent nothing, the client gets a SOAP fault that says whether anything was sent to Salesforce and why there
/// is no response, unless there is an ErrorDocument for the status. Returns the result for the handler.
int forward(request_rec* r, Exchange& exchange);

/// A response of Salesforce that was kept.
struct Captured {
  int status;
  std::optional<std::string> body;  // decoded; nothing: its Content-Encoding is unknown or broken
};

/// Does what forward() does, but returns the response instead of sending it, also a fault that the session is
/// over. If there is none, the client has its fault, and the error is the result for the handler.
Result<Captured, int> forward_and_capture(request_rec* r, Exchange& exchange);

}  // namespace sfjwt::httpd
