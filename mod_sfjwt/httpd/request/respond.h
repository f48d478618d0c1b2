// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Sends a SOAP document as response. Returns the result for the handler.
int respond(request_rec* r, int status, soap::SoapVersion version, std::string_view document);

/// Sends a SOAP fault in the given version and writes the only log line of this refusal; sets SFJWT_FAULT.
/// The log has more details than the client where gateway::as_told() says so. `status` 0 means the status of
/// the reason; 502, 503 and 504 become 500 unless SFJwtFaultStatus is http. `details` follow the message in
/// the log. Returns the result for the handler.
int refuse(request_rec* r, const gateway::Refusal& refusal, soap::SoapVersion version, int status = 0,
           std::string_view details = {});

/// Sends the fault for an internal error, whatever the state of the request, and even without memory: then a
/// shorter one. Writes the only log line, with `what` as the cause; the client does not see the cause. If a
/// part of a response has been sent, nothing follows it. Returns the result for the handler.
int refuse_after_error(request_rec* r, std::string_view what) noexcept;

}  // namespace sfjwt::httpd
