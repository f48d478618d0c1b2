// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// The filter on connections that mod_proxy opens. While an attempt runs on the thread, it passes data only
/// to the receiver: a peer that mod_ssl has verified and whose certificate is for the host of the target, or,
/// without TLS, one on a loopback address or a local socket. Otherwise nothing is sent and the attempt is
/// refused, regardless of the configuration of the server and of the request for which the connection was
/// opened.
apr_status_t pass_to_receiver(ap_filter_t* filter, apr_bucket_brigade* brigade);
extern ap_filter_rec_t* peer_filter;  // set when the module registers

/// The pre_connection hook that inserts it.
int watch_outgoing(conn_rec* connection, void* socket);

}  // namespace sfjwt::httpd
