// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"
#include "mod_sfjwt/net/tls_handshake.h"

namespace sfjwt::httpd {

/// The error_log hook: adds messages of mod_proxy and mod_ssl to the backend error of the running attempt.
void take_message(const ap_errorlog_info* info, const char* text);

/// The pre_handshake hook of mod_ssl: adds the reason of a failed handshake with the backend.
int observe_backend(conn_rec* connection, ssl_st* tls, int is_proxy);

}  // namespace sfjwt::httpd
