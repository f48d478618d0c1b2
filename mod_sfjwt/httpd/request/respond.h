// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Answers with a SOAP document. The answer is what a handler returns.
int respond(request_rec* r, int status, soap::SoapVersion version, std::string_view document);

/// Answers with a SOAP fault in the given version and writes the one log line of this refusal; sets
/// SFJWT_FAULT. The log knows more than the client where gateway::as_told() says so. `status` 0 means the
/// status of the reason; 502, 503 and 504 become 500 unless SFJwtFaultStatus is http. `details` follow
/// the message in the log. The answer is what a handler returns.
int refuse(request_rec* r, const gateway::Refusal& refusal, soap::SoapVersion version, int status = 0,
           std::string_view details = {});

/// Answers with the fault for an error inside of the gateway, whatever state the request is in and even when
/// there is no memory: then with a shorter one. Writes the one log line, which says `what` happened; the
/// client does not read that. When a part of a response is on its way, nothing follows it. The answer is what
/// a handler returns.
int refuse_after_error(request_rec* r, std::string_view what) noexcept;

}  // namespace sfjwt::httpd
