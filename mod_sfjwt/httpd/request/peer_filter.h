// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// The filter on connections that mod_proxy opens. While an attempt runs on the thread, it lets data pass to
/// the receiver alone: a peer that mod_ssl has verified and whose certificate names the host of the target,
/// or without TLS one on a loopback address or a local socket. To anybody else nothing is sent, and the
/// attempt is refused. It does not matter how the server is configured, nor on whose behalf the connection
/// was opened.
apr_status_t pass_to_receiver(ap_filter_t* filter, apr_bucket_brigade* brigade);
extern ap_filter_rec_t* peer_filter;  // set when the module registers

/// The pre_connection hook that puts it there.
int watch_outgoing(conn_rec* connection, void* socket);

}  // namespace sfjwt::httpd
