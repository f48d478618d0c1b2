// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/proxy_handoff.h"

#include <string>
#include <utility>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/url.h"
#include "mod_sfjwt/httpd/request/response_head.h"
#include "mod_sfjwt/login/handle.h"

namespace sfjwt::httpd {
namespace {

using Judgment = Result<gateway::Receiver, std::string>;

gateway::Refusal wrong_target(const std::string& why) {
  return {gateway::Reason::target_not_allowed, "Not forwarded: " + why + ".", {}};
}

// Whether this section may send the token to this address, and who then is the receiver. `target` is the
// target checked earlier; with a followed token, no other is allowed.
Judgment judge(const request_rec* r, const GatewaySection& section, const Target* target,
               std::string_view url) {
  if (client_names_the_backend(r, url))
    return Unexpected{std::string(
        "ProxyPreserveHost On makes httpd compare its certificate with the name that the client sent")};
  if (target && url == target->url) return target->receiver;
  if (section.instance_workers) return Unexpected{std::string("it is not the instance of the token")};
  return gateway::may_receive_token(url, section.allowed_hosts, *section.rules.backend);
}

// The target of the attempt; null: a balancer.
const Target* target_of(const Exchange& exchange, const Attempt& attempt) {
  if (attempt.instance()) return attempt.instance();
  return exchange.proxied ? &*exchange.proxied : nullptr;
}

// Directs the request to the instance of the token. Returns false if the token must not be sent there.
bool follow_token(request_rec* r, const Exchange& exchange, Attempt& attempt) {
  const auto& hosts = exchange.section.allowed_hosts;
  const auto& backend = *exchange.section.rules.backend;
  auto url =
      gateway::at_instance(exchange.proxied->url, exchange.supplied->token.instance_url, hosts, backend);
  if (!url) {
    attempt.refuse(wrong_target(url.error()));
    return false;
  }
  const Target& instance = attempt.follow(std::move(*url), hosts, backend);
  if (!instance.receiver) {
    attempt.refuse(wrong_target(instance.receiver.error()));
    return false;
  }
  set_proxy_url(r, instance.url);
  return true;
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

int collect_with_handle(void* names, const char* name, const char* value) noexcept {
  if (login::contains_handle(value))
    *static_cast<const char**>(apr_array_push(static_cast<apr_array_header_t*>(names))) = name;
  return 1;
}

// Some clients send the session id of their login in further headers, such as X-SFDC-Session.
void drop_handles(apr_pool_t* pool, apr_table_t* headers) {
  apr_array_header_t* names = apr_array_make(pool, 1, sizeof(const char*));
  apr_table_do(collect_with_handle, names, headers, nullptr);
  for (int i = 0; i < names->nelts; ++i) apr_table_unset(headers, APR_ARRAY_IDX(names, i, const char*));
}

// The request headers that are forwarded to Salesforce.
apr_table_t* forwarded_headers(const request_rec* r, const GatewaySection& section, std::size_t body_size) {
  apr_table_t* headers = apr_table_copy(r->pool, r->headers_in);
  constexpr const char* kOfTheOldBody[] = {"Transfer-Encoding", "Content-Encoding", "Content-MD5", "Digest",
                                           "Content-Digest",    "Repr-Digest",      "Trailer",     "Expect"};
  constexpr const char* kOfTheCaller[] = {"Authorization", "Proxy-Authorization", "Cookie", "Cookie2"};
  for (const char* name : kOfTheOldBody) apr_table_unset(headers, name);
  for (const char* name : kOfTheCaller) apr_table_unset(headers, name);
  for (const std::string& name : section.stripped_headers) apr_table_unset(headers, name.c_str());
  if (section.login) drop_handles(r->pool, headers);
  apr_table_setn(headers, "Content-Length", apr_off_t_toa(r->pool, static_cast<apr_off_t>(body_size)));
  return headers;
}

}  // namespace

constinit ap_filter_rec_t* response_filter = nullptr;

std::optional<gateway::Refusal> refused_target(const request_rec* r, Exchange& exchange) {
  const GatewaySection& section = exchange.section;
  std::string url = proxy_url(r);
  if (section.instance_workers && goes_to_no_host(r, url))
    return wrong_target(
        "with SFJwtInstance follow ProxyPass must name a host, no balancer and no unix: socket");
  if (has_scheme(url, "unix")) url.erase(0, url.find('|') + 1);
  if (has_scheme(url, "balancer")) return unserved_scheme(url);
  const Target& proxied =
      exchange.proxied.emplace(std::move(url), section.allowed_hosts, *section.rules.backend);
  if (!proxied.receiver) return wrong_target(proxied.receiver.error());
  if (auto judged = judge(r, section, &proxied, proxied.url); !judged) return wrong_target(judged.error());
  return unserved_scheme(proxied.url);
}

int run_proxy(request_rec* r, Exchange& exchange, Attempt& attempt) {
  const Attempt::Run running(attempt);
  if (exchange.section.instance_workers && !follow_token(r, exchange, attempt)) return HTTP_FORBIDDEN;
  apr_table_t* const headers_of_client = r->headers_in;
  r->headers_in = forwarded_headers(r, exchange.section, attempt.body_size());
  const int status = ap_run_handler(r);
  r->headers_in = headers_of_client;
  return status;
}

// If there is no worker for the instance, mod_proxy selects one of its own.
int choose_worker(proxy_worker** worker, proxy_balancer** balancer, request_rec* r, proxy_server_conf* conf,
                  char**) {
  const Attempt* attempt = Attempt::running_for(r);
  if (!attempt || !attempt->instance()) return DECLINED;
  const Exchange& exchange = *exchange_of(r);
  const auto instance = parse_url(attempt->instance()->url);
  if (!instance) return DECLINED;
  proxy_worker* chosen = exchange.section.instance_workers->worker_for(
      std::string(instance->origin()), worker_of_proxy(r, exchange.proxied->url), *conf, r->server);
  if (!chosen) return DECLINED;
  *worker = chosen;
  *balancer = nullptr;
  return OK;
}

int judge_target(request_rec* r, proxy_worker*, proxy_server_conf*, char* url, const char* forward_proxy,
                 apr_port_t) {
  Attempt* attempt = Attempt::running_for(r);
  if (!attempt) return DECLINED;
  const Exchange& exchange = *exchange_of(r);
  auto judged = judge(r, exchange.section, target_of(exchange, *attempt), as_view(url));
  if (judged && forward_proxy && in_the_clear(as_view(url)))
    judged = Unexpected{std::string("it would go through another proxy in the clear")};
  expect_response_head(r);
  if (!judged) {
    attempt->refuse(wrong_target(judged.error()));
    return HTTP_FORBIDDEN;
  }
  if (auto unserved = unserved_scheme(as_view(url))) {
    attempt->refuse(*std::move(unserved));
    return HTTP_SERVICE_UNAVAILABLE;
  }
  attempt->permit(*judged);
  return DECLINED;
}

int judge_member(proxy_worker*, proxy_balancer*, request_rec* r, proxy_server_conf*) {
  if (Exchange* exchange = exchange_of(r)) exchange->watch.hide_status_from_balancer();
  return DECLINED;
}

// A cookie of Salesforce would give its session to anyone who reads it; cookies that httpd itself has set
// stay. Salesforce sends no trailers, but a trailer could contain a cookie or anything else that is not
// allowed in a head: mod_proxy has them ready before it passes the end of the body, and HTTP/2 sends them
// together with that.
apr_status_t drop_cookies_and_trailers(ap_filter_t* filter, apr_bucket_brigade* brigade) {
  request_rec* r = filter->r;
  if (filter->ctx) {
    drop_cookies(r, *static_cast<const apr_array_header_t*>(filter->ctx));
    filter->ctx = nullptr;
  }
  if (r->trailers_out) apr_table_clear(r->trailers_out);
  return ap_pass_brigade(filter->next, brigade);
}

void insert_response_filter(request_rec* r) {
  ap_add_output_filter_handle(response_filter, cookies_of_gateway(r), r, r->connection);
}

}  // namespace sfjwt::httpd
