// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "mod_sfjwt/httpd/request/attempt.h"
#include "mod_sfjwt/httpd/request/exchange.h"

namespace sfjwt::httpd {

/// Why a token may not leave for where this request is going, as far as that is known before mod_proxy has
/// run: a balancer chooses its member later.
std::optional<gateway::Refusal> refused_target(const request_rec* r, Exchange& exchange);

/// Runs mod_proxy with the body of the attempt and without the headers that are the caller's own, to where
/// ProxyPass says or to the instance of the token (SFJwtInstance); answers what mod_proxy answers. The
/// request is afterwards as it was, but for its response and its target.
int run_proxy(request_rec* r, Exchange& exchange, Attempt& attempt);

/// mod_proxy's pre_request hook: a request that follows its token goes by a worker of its instance.
int choose_worker(proxy_worker** worker, proxy_balancer** balancer, request_rec* r, proxy_server_conf* conf,
                  char** url);

/// The scheme_handler hook of mod_proxy: the last look at the address it is about to connect to, after
/// rewriting and balancing, for each attempt anew, since a balancer may fall over to a member of another
/// host. Stops the request where the token must not go.
int judge_target(request_rec* r, proxy_worker* worker, proxy_server_conf* conf, char* url,
                 const char* forward_proxy, apr_port_t port);

/// mod_proxy's post_request hook: its balancer is about to judge its member by the response.
int judge_member(proxy_worker* worker, proxy_balancer* balancer, request_rec* r, proxy_server_conf* conf);

/// The output filter that takes the backend's cookies and trailers out of its response.
apr_status_t drop_cookies_and_trailers(ap_filter_t* filter, apr_bucket_brigade* brigade);
extern ap_filter_rec_t* response_filter;  // set when the module registers

/// Puts it into the way of the response.
void insert_response_filter(request_rec* r);

}  // namespace sfjwt::httpd
