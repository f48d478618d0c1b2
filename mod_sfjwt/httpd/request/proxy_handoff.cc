// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/proxy_handoff.h"

#include <string>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/target.h"
#include "mod_sfjwt/httpd/guard.h"
#include "mod_sfjwt/httpd/pool.h"
#include "mod_sfjwt/httpd/request/attempt.h"
#include "mod_sfjwt/httpd/request/body_source.h"
#include "mod_sfjwt/httpd/request/fault_watch.h"
#include "mod_sfjwt/httpd/request/replay.h"
#include "mod_sfjwt/httpd/request/respond.h"
#include "mod_sfjwt/httpd/request/response_head.h"

namespace sfjwt::httpd {
namespace {

constexpr std::string_view kProxyPrefix = "proxy:";
constexpr const char* kResponseFilter = "SFJWT_RESPONSE";
ap_filter_rec_t* response_filter = nullptr;  // set when the module registers

gateway::Refusal wrong_target(const std::string& why) {
  return {gateway::Reason::target_not_allowed, "Not forwarded: " + why + ".", {}};
}

// "https://host/path" of what mod_proxy was told, before it has done anything with it.
std::string proxy_url(const request_rec* r) {
  if (r->proxyreq) return std::string(as_view(r->filename).substr(kProxyPrefix.size()));
  return std::string(as_view(r->handler).substr(kProxyPrefix.size())).append(as_view(r->filename));
}

bool has_scheme(std::string_view url, std::string_view scheme) {
  return equals_ignoring_case(url.substr(0, url.find(':')), scheme);
}

bool in_the_clear(std::string_view url) {
  return has_scheme(url, "http") || has_scheme(url, "h2c");
}

// The module that mod_proxy forwards requests of this URL by, if it is not loaded, and with it the reason
// for which nothing gets there; else empty.
std::string missing_module(std::string_view url) {
  // What is loaded does not change while a child lives, and httpd searches a list.
  static const bool balancer = ap_find_linked_module("mod_proxy_balancer.c") != nullptr;
  static const bool http = ap_find_linked_module("mod_proxy_http.c") != nullptr;
  static const bool http2 = ap_find_linked_module("mod_proxy_http2.c") != nullptr;
  if (has_scheme(url, "balancer")) return balancer ? "" : "mod_proxy_balancer";
  const bool is_http2 = has_scheme(url, "h2") || has_scheme(url, "h2c");
  std::string name;
  if (is_http2 && !http2) name = "mod_proxy_http2";
  if (!is_http2 && !http) name = "mod_proxy_http";
  if (name.empty() && !in_the_clear(url) && !ap_ssl_has_outgoing_handlers()) name = "mod_ssl";
  return name;
}

std::optional<gateway::Refusal> unserved_scheme(std::string_view url) {
  const std::string name = missing_module(url);
  if (name.empty()) return {};
  return gateway::Refusal{gateway::Reason::backend_unreachable,
                          "Salesforce cannot be reached: " + name +
                              ", which forwards such requests, is not loaded; nothing was sent.",
                          {}};
}

// The worker of mod_proxy's own for an address; null when it has none but the one for everything.
const proxy_worker* worker_of_proxy(const request_rec* r, const std::string& url) {
  auto* conf = static_cast<proxy_server_conf*>(ap_get_module_config(r->server->module_config, &proxy_module));
  return ap_proxy_get_worker(r->pool, nullptr, conf, url.c_str());
}

// Either may be gone from the URL by now: mod_proxy keeps a socket in the worker, or in a note.
bool goes_to_no_host(const request_rec* r, const std::string& url) {
  if (has_scheme(url, "balancer") || has_scheme(url, "unix") || apr_table_get(r->notes, "uds_path"))
    return true;
  const proxy_worker* worker = worker_of_proxy(r, url);
  return worker && *worker->s->uds_path;
}

// With ProxyPreserveHost the certificate of the backend is compared with the name the client wrote.
bool client_names_the_backend(const request_rec* r, std::string_view url) {
  return !in_the_clear(url) &&
         static_cast<const proxy_dir_conf*>(ap_get_module_config(r->per_dir_config, &proxy_module))
             ->preserve_host;
}

// Judges a target and keeps it with whom it names.
Result<gateway::Receiver, std::string> keep_target(Exchange& exchange, std::string url) {
  Target& target = exchange.target.emplace(std::move(url));
  auto receiver = gateway::may_receive_token(target.url, exchange.section.allowed_hosts);
  if (receiver) {
    target.receiver = *receiver;
  } else {
    exchange.target.reset();
  }
  return receiver;
}

// Whether the token may go to this address from this section, and to whom then; the target that is kept has
// been looked at already, and is the only one for a token that is followed.
Result<gateway::Receiver, std::string> judge(const request_rec* r, const Exchange& exchange,
                                             std::string_view url) {
  if (client_names_the_backend(r, url))
    return Unexpected{
        std::string("ProxyPreserveHost On has its certificate compared with the name the client wrote")};
  if (exchange.target && url == exchange.target->url) return exchange.target->receiver;
  if (exchange.section.instance_workers)
    return Unexpected{std::string("it is not the instance of the token")};
  return gateway::may_receive_token(url, exchange.section.allowed_hosts);
}

// The address mod_proxy is about to connect to, after rewriting and balancing, for each attempt anew: a
// balancer may fall over to a member of another host. Runs before every scheme handler and stops the request
// where the token must not go.
int judge_target(request_rec* r, proxy_worker*, proxy_server_conf*, char* url, const char* forward_proxy,
                 apr_port_t) {
  Exchange* exchange = exchange_of(r);
  if (!exchange || !exchange->attempt) return DECLINED;
  auto judged = judge(r, *exchange, as_view(url));
  if (judged && forward_proxy && in_the_clear(as_view(url)))
    judged = Unexpected{std::string("it would go through another proxy in the clear")};
  expect_response_head(r);
  if (!judged) {
    exchange->attempt->refuse(wrong_target(judged.error()));
    return HTTP_FORBIDDEN;
  }
  if (auto unserved = unserved_scheme(as_view(url))) {
    exchange->attempt->refuse(*std::move(unserved));
    return HTTP_SERVICE_UNAVAILABLE;
  }
  exchange->attempt->permit(*judged);
  return DECLINED;
}

// The request goes to the instance of the token in use. False: the token may not.
bool follow_token(request_rec* r, Exchange& exchange, Attempt& attempt) {
  auto url = gateway::at_instance(exchange.proxied_url, exchange.supplied->token.instance_url,
                                  exchange.section.allowed_hosts);
  using Judged = Result<gateway::Receiver, std::string>;
  const Judged judged =
      url ? keep_target(exchange, std::move(*url)) : Judged(Unexpected{std::move(url.error())});
  if (!judged) {
    attempt.refuse(wrong_target(judged.error()));
    return false;
  }
  r->proxyreq = PROXYREQ_REVERSE;
  r->filename = apr_pstrcat(r->pool, kProxyPrefix.data(), exchange.target->url.c_str(), nullptr);
  return true;
}

// mod_proxy asks by which worker to go; when we have none it looks among its own.
int choose_worker(proxy_worker** worker, proxy_balancer** balancer, request_rec* r, proxy_server_conf* conf,
                  char**) {
  const Exchange* exchange = exchange_of(r);
  if (!exchange || !exchange->section.instance_workers || !exchange->target) return DECLINED;
  const std::string& url = exchange->target->url;
  const std::string origin = url.substr(0, url.find('/', url.find("://") + 3));
  proxy_worker* chosen = exchange->section.instance_workers->worker_for(
      origin, worker_of_proxy(r, exchange->proxied_url), *conf, r->server);
  if (!chosen) return DECLINED;
  *worker = chosen;
  *balancer = nullptr;
  return OK;
}

// mod_proxy's balancer is about to judge its member by the response.
int judge_member(proxy_worker*, proxy_balancer*, request_rec* r, proxy_server_conf*) {
  const Exchange* exchange = exchange_of(r);
  if (exchange && exchange->watch) exchange->watch->hide_status_from_balancer();
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

void drop_cookies(request_rec* r, const apr_array_header_t& own) {
  apr_table_unset(r->headers_out, "Set-Cookie");
  apr_table_unset(r->headers_out, "Set-Cookie2");
  for (int i = 0; i < own.nelts; ++i)
    apr_table_addn(r->headers_out, "Set-Cookie", APR_ARRAY_IDX(&own, i, const char*));
}

// A cookie of Salesforce would tie its session to whoever reads it; what httpd itself has set stays.
// Trailers, of which Salesforce sends none, could carry one too, and whatever else a head may not: mod_proxy
// has them ready before it passes the end of the body, and HTTP/2 sends them when that comes by.
apr_status_t drop_cookies_and_trailers(ap_filter_t* filter, apr_bucket_brigade* brigade) {
  request_rec* r = filter->r;
  if (filter->ctx) {
    drop_cookies(r, *static_cast<const apr_array_header_t*>(filter->ctx));
    filter->ctx = nullptr;
  }
  if (r->trailers_out) apr_table_clear(r->trailers_out);
  return ap_pass_brigade(filter->next, brigade);
}

// The headers of the request as Salesforce may see them.
apr_table_t* forwarded_headers(const request_rec* r, const GatewaySection& section, std::size_t body_size) {
  apr_table_t* headers = apr_table_copy(r->pool, r->headers_in);
  constexpr const char* kOfTheOldBody[] = {"Transfer-Encoding", "Content-Encoding", "Content-MD5", "Digest",
                                           "Content-Digest",    "Repr-Digest",      "Trailer",     "Expect"};
  constexpr const char* kOfTheCaller[] = {"Authorization", "Proxy-Authorization", "Cookie", "Cookie2"};
  for (const char* name : kOfTheOldBody) apr_table_unset(headers, name);
  for (const char* name : kOfTheCaller) apr_table_unset(headers, name);
  for (const std::string& name : section.stripped_headers) apr_table_unset(headers, name.c_str());
  apr_table_setn(headers, "Content-Length", apr_off_t_toa(r->pool, static_cast<apr_off_t>(body_size)));
  return headers;
}

}  // namespace

bool goes_to_proxy(const request_rec* r) {
  if (r->proxyreq) return r->proxyreq == PROXYREQ_REVERSE && as_view(r->filename).starts_with(kProxyPrefix);
  return as_view(r->handler).starts_with(kProxyPrefix);
}

std::optional<gateway::Refusal> refused_target(const request_rec* r, Exchange& exchange) {
  std::string url = proxy_url(r);
  if (exchange.section.instance_workers && goes_to_no_host(r, url))
    return wrong_target(
        "with SFJwtInstance follow ProxyPass must name a host, no balancer and no unix: socket");
  if (has_scheme(url, "unix")) url.erase(0, url.find('|') + 1);
  if (has_scheme(url, "balancer")) return unserved_scheme(url);
  exchange.proxied_url = std::move(url);
  if (auto judged = keep_target(exchange, exchange.proxied_url); !judged) return wrong_target(judged.error());
  if (auto judged = judge(r, exchange, exchange.proxied_url); !judged) return wrong_target(judged.error());
  return unserved_scheme(exchange.proxied_url);
}

int run_proxy(request_rec* r, Exchange& exchange) {
  Attempt attempt(r, exchange);
  if (exchange.section.instance_workers && !follow_token(r, exchange, attempt)) return HTTP_FORBIDDEN;
  apr_table_t* const headers_of_client = r->headers_in;
  r->headers_in = forwarded_headers(r, exchange.section, attempt.body_size());
  const int status = ap_run_handler(r);
  r->headers_in = headers_of_client;
  return status;
}

int hand_to_proxy(request_rec* r, Exchange& exchange) {
  // Interim responses (1xx) pass no filter: those of a hidden attempt would be seen, and their cookies.
  apr_table_setn(r->subprocess_env, "proxy-interim-response", "Suppress");
  insert_body_source(r, exchange);
  FaultWatch& watch = make_in_pool<FaultWatch>(r->pool);
  exchange.watch = &watch;
  watch.insert(r, exchange.section.renew);
  ap_add_output_filter_handle(response_filter, cookies_of_gateway(r), r, r->connection);
  const int status = run_renewing(r, exchange, watch);
  watch.retire();
  if (exchange.refusal) return refuse(r, *exchange.refusal, exchange.admitted->version);
  return answer_for_backend(r, exchange, status, watch.defect());
}

void register_proxy_handoff() {
  proxy_hook_pre_request(guard<choose_worker, HTTP_INTERNAL_SERVER_ERROR>, nullptr, nullptr,
                         APR_HOOK_REALLY_FIRST);
  proxy_hook_post_request(guard<judge_member, DECLINED>, nullptr, nullptr, APR_HOOK_REALLY_FIRST);
  proxy_hook_scheme_handler(guard<judge_target, HTTP_INTERNAL_SERVER_ERROR>, nullptr, nullptr,
                            APR_HOOK_REALLY_FIRST);
  // Before all other content filters: none of them sees a head with the cookies in it. Not at RESOURCE - 10:
  // there httpd puts the buffer of ap_rwrite, which it takes for the first of all filters without looking.
  response_filter = ap_register_output_filter(kResponseFilter, guard<drop_cookies_and_trailers, APR_EGENERAL>,
                                              nullptr, static_cast<ap_filter_type>(AP_FTYPE_RESOURCE - 5));
  FaultWatch::register_filter();
}

}  // namespace sfjwt::httpd
