// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// The ProxyErrorOverride by which mod_proxy throws away responses with status 500 before anybody can read
/// the fault in them, or null: the last one said beside this SFJwt directive, else in its virtual host, else
/// in the main server. Configuration time only.
const ap_directive_t* hides_faults(const server_rec& server, const ap_directive_t& enabled_at);

}  // namespace sfjwt::httpd
