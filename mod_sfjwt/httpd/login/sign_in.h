// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/httpd/request/exchange.h"

namespace sfjwt::httpd {

/// Answers an admitted login: checks the password with the providers of the section, or relies on the caller
/// that httpd has authenticated; gets a token for the user; asks Salesforce who the user is (getUserInfo,
/// through mod_proxy like any request); and sends the loginResponse of the WSDL with a handle as session id.
/// Passwords are never forwarded, logged or kept. Returns the result for the handler, or why the login is
/// refused, after the delay that a refused password has.
Result<int, gateway::Refusal> sign_in(request_rec* r, Exchange& exchange);

}  // namespace sfjwt::httpd
