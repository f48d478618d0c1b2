// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/proxy_handoff.h"

#include <string>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/target.h"
#include "mod_sfjwt/httpd/body_source.h"
#include "mod_sfjwt/httpd/fault_watch.h"
#include "mod_sfjwt/httpd/guard.h"
#include "mod_sfjwt/httpd/pool.h"
#include "mod_sfjwt/httpd/replay.h"
#include "mod_sfjwt/httpd/respond.h"

namespace sfjwt::httpd {
namespace {

constexpr std::string_view kProxyPrefix = "proxy:";
constexpr const char* kResponseFilter = "SFJWT_RESPONSE";

gateway::Refusal wrong_target(const std::string& why) {
  return {gateway::Reason::target_not_allowed, "Not forwarded: " + why + ".", {}};
}

// "https://host/path" of what mod_proxy was told, before it has done anything with it.
std::string proxy_url(const request_rec* r) {
  if (r->proxyreq) return std::string(as_view(r->filename).substr(kProxyPrefix.size()));
  return std::string(as_view(r->handler).substr(kProxyPrefix.size())).append(as_view(r->filename));
}

bool in_the_clear(std::string_view url) {
  const std::string_view scheme = url.substr(0, url.find(':'));
  return equals_ignoring_case(scheme, "http") || equals_ignoring_case(scheme, "h2c");
}

// The address mod_proxy is about to connect to, after rewriting and balancing, for each attempt anew: a
// balancer may fall over to a member of another host. Runs before every scheme handler and stops the request
// where the token must not go.
int judge_target(request_rec* r, proxy_worker*, proxy_server_conf*, char* url, const char* forward_proxy,
                 apr_port_t) {
  Exchange* exchange = exchange_of(r);
  if (!exchange) return DECLINED;
  exchange->released = false;
  Result<Done, std::string> judged = Done{};
  if (as_view(url) != exchange->judged_target)
    judged = gateway::may_receive_token(as_view(url), exchange->section.allowed_hosts);
  if (judged && forward_proxy && in_the_clear(as_view(url)))
    judged = Unexpected{std::string("it would go through another proxy in the clear")};
  if (!judged) {
    exchange->target_refusal = wrong_target(judged.error());
    return HTTP_FORBIDDEN;
  }
  exchange->released = true;
  return DECLINED;
}

int collect_cookie(void* cookies, const char*, const char* value) noexcept {
  *static_cast<const char**>(apr_array_push(static_cast<apr_array_header_t*>(cookies))) = value;
  return 1;
}

apr_array_header_t* cookies_of_gateway(request_rec* r) {
  apr_array_header_t* cookies = apr_array_make(r->pool, 1, sizeof(const char*));
  apr_table_do(collect_cookie, cookies, r->headers_out, "Set-Cookie", nullptr);
  return cookies;
}

// A cookie of Salesforce would tie its session to whoever reads it; what httpd itself has set stays.
apr_status_t drop_cookies(ap_filter_t* filter, apr_bucket_brigade* brigade) {
  const auto* own = static_cast<const apr_array_header_t*>(filter->ctx);
  apr_table_t* headers = filter->r->headers_out;
  apr_table_unset(headers, "Set-Cookie");
  apr_table_unset(headers, "Set-Cookie2");
  for (int i = 0; i < own->nelts; ++i)
    apr_table_addn(headers, "Set-Cookie", APR_ARRAY_IDX(own, i, const char*));
  ap_filter_t* next = filter->next;
  ap_remove_output_filter(filter);
  return ap_pass_brigade(next, brigade);
}

// The headers of the request as Salesforce may see them.
apr_table_t* forwarded_headers(const request_rec* r, const Exchange& exchange) {
  apr_table_t* headers = apr_table_copy(r->pool, r->headers_in);
  constexpr const char* kOfTheOldBody[] = {"Transfer-Encoding", "Content-Encoding", "Content-MD5", "Digest",
                                           "Content-Digest",    "Repr-Digest",      "Trailer",     "Expect"};
  constexpr const char* kOfTheCaller[] = {"Authorization", "Proxy-Authorization", "Cookie", "Cookie2"};
  for (const char* name : kOfTheOldBody) apr_table_unset(headers, name);
  for (const char* name : kOfTheCaller) apr_table_unset(headers, name);
  for (const std::string& name : exchange.section.stripped_headers) apr_table_unset(headers, name.c_str());
  apr_table_setn(headers, "Content-Length",
                 apr_off_t_toa(r->pool, static_cast<apr_off_t>(exchange.rewritten.back().size())));
  return headers;
}

}  // namespace

bool goes_to_proxy(const request_rec* r) {
  if (r->proxyreq) return r->proxyreq == PROXYREQ_REVERSE && as_view(r->filename).starts_with(kProxyPrefix);
  return as_view(r->handler).starts_with(kProxyPrefix);
}

std::optional<gateway::Refusal> refused_target(const request_rec* r, Exchange& exchange) {
  std::string url = proxy_url(r);
  if (equals_ignoring_case(std::string_view(url).substr(0, 9), "balancer:")) return {};
  if (equals_ignoring_case(std::string_view(url).substr(0, 5), "unix:")) url.erase(0, url.find('|') + 1);
  const auto judged = gateway::may_receive_token(url, exchange.section.allowed_hosts);
  if (judged) exchange.judged_target = std::move(url);
  if (judged) return {};
  return wrong_target(judged.error());
}

int run_proxy(request_rec* r, Exchange& exchange) {
  apr_table_t* const headers_of_client = r->headers_in;
  r->headers_in = forwarded_headers(r, exchange);
  const int status = ap_run_handler(r);
  r->headers_in = headers_of_client;
  return status;
}

int hand_to_proxy(request_rec* r, Exchange& exchange) {
  insert_body_source(r, exchange);
  FaultWatch& watch = make_in_pool<FaultWatch>(r->pool);
  if (exchange.section.renew) watch.insert(r);
  ap_add_output_filter(kResponseFilter, cookies_of_gateway(r), r, r->connection);
  const int status = run_renewing(r, exchange, watch);
  watch.retire();
  if (exchange.target_refusal) return refuse(r, *exchange.target_refusal, exchange.admitted->version);
  return answer_for_backend(r, status, exchange.admitted->version);
}

void register_proxy_handoff() {
  proxy_hook_scheme_handler(guard<judge_target, HTTP_INTERNAL_SERVER_ERROR>, nullptr, nullptr,
                            APR_HOOK_REALLY_FIRST);
  // Before all other content filters: none of them sees a head with the cookies in it. Not at RESOURCE - 10:
  // there httpd puts the buffer of ap_rwrite, which it takes for the first of all filters without looking.
  ap_register_output_filter(kResponseFilter, guard<drop_cookies, APR_EGENERAL>, nullptr,
                            static_cast<ap_filter_type>(AP_FTYPE_RESOURCE - 5));
  FaultWatch::register_filter();
}

}  // namespace sfjwt::httpd
