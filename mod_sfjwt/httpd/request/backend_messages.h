// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/net/tls_handshake.h"

namespace sfjwt::httpd {

/// The error_log hook: what mod_proxy and mod_ssl log becomes part of the backend error of the attempt that
/// runs.
void take_message(const ap_errorlog_info* info, const char* text);

/// mod_ssl's pre_handshake hook: so does what a handshake with the backend fails for.
int observe_backend(conn_rec* connection, ssl_st* tls, int is_proxy);

}  // namespace sfjwt::httpd
