// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/gateway/subject.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/tokens/caller_identity.h"

namespace sfjwt::httpd {

/// What httpd knows of the caller; the AllowSubject expressions are evaluated when the gateway asks.
gateway::Caller caller_of(request_rec* r);

/// Whom the request's token request is charged to if it fails; points into the request.
tokens::CallerIdentity caller_identity(const request_rec* r);

/// The result of an SFJwtSubject expression; nothing when it fails.
std::optional<std::string> expressed_subject(request_rec* r, const ap_expr_info_t* expression);

}  // namespace sfjwt::httpd
