// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "mod_sfjwt/httpd/request/attempt.h"
#include "mod_sfjwt/httpd/request/exchange.h"

namespace sfjwt::httpd {

/// Why the token must not be sent to the target of this request, as far as this is known before mod_proxy
/// runs: a balancer selects its member later.
std::optional<gateway::Refusal> refused_target(const request_rec* r, Exchange& exchange);

/// Runs mod_proxy with the body of the attempt and without the caller's own headers, with the address in
/// ProxyPass or the instance of the token (SFJwtInstance) as target. Returns the result of mod_proxy.
/// Afterwards the request is unchanged, except for its response and its target.
int run_proxy(request_rec* r, Exchange& exchange, Attempt& attempt);

/// The pre_request hook of mod_proxy: a request that follows its token uses a worker for the instance.
int choose_worker(proxy_worker** worker, proxy_balancer** balancer, request_rec* r, proxy_server_conf* conf,
                  char** url);

/// The scheme_handler hook of mod_proxy: the last check of the address before the connection, after rewriting
/// and balancing. It is done for each attempt, since a balancer may fail over to a member on another host.
/// Stops the request if the token must not be sent there.
int judge_target(request_rec* r, proxy_worker* worker, proxy_server_conf* conf, char* url,
                 const char* forward_proxy, apr_port_t port);

/// The post_request hook of mod_proxy, before its balancer judges the member by the response.
int judge_member(proxy_worker* worker, proxy_balancer* balancer, request_rec* r, proxy_server_conf* conf);

/// The output filter that removes the backend's cookies and trailers from its response.
apr_status_t drop_cookies_and_trailers(ap_filter_t* filter, apr_bucket_brigade* brigade);
extern ap_filter_rec_t* response_filter;  // set when the module registers

/// Inserts it into the filters of the response.
void insert_response_filter(request_rec* r);

}  // namespace sfjwt::httpd
