// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Where clients find this gateway, "https://gateway.corp.example:8443": SFJwtPublicUrl if that is not empty;
/// else the scheme, host and port that the client has called, if the host is the ServerName or a ServerAlias
/// without wildcards and httpd listens on the port; else the ServerName. What a client writes into its Host
/// header never ends up here.
std::string public_address(const request_rec* r, std::string_view public_url);

}  // namespace sfjwt::httpd
