// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/proxy_target.h"

#include <algorithm>
#include <array>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/proxy_scheme.h"

namespace sfjwt::httpd {
namespace {

constexpr std::string_view kProxyPrefix = "proxy:";

std::string_view scheme_of_url(std::string_view url) {
  return url.substr(0, url.find(':'));
}

// Loaded modules do not change during the lifetime of a child, and httpd searches a list.
bool is_loaded(const ProxyScheme& scheme) {
  static const auto loaded = [] {
    std::array<bool, kProxySchemes.size()> found{};
    std::transform(kProxySchemes.begin(), kProxySchemes.end(), found.begin(),
                   [](const ProxyScheme& known) { return ap_find_linked_module(known.file) != nullptr; });
    return found;
  }();
  return loaded[static_cast<std::size_t>(&scheme - kProxySchemes.data())];
}

// The module that is needed for this URL but not loaded; else empty.
std::string missing_module(std::string_view url) {
  const ProxyScheme* scheme = proxy_scheme(scheme_of_url(url));
  if (!scheme) return {};
  if (!is_loaded(*scheme)) return "mod_" + std::string(scheme->module);
  return scheme->tls && !ap_ssl_has_outgoing_handlers() ? "mod_ssl" : "";
}

}  // namespace

bool goes_to_proxy(const request_rec* r) {
  if (r->proxyreq) return r->proxyreq == PROXYREQ_REVERSE && as_view(r->filename).starts_with(kProxyPrefix);
  return as_view(r->handler).starts_with(kProxyPrefix);
}

std::string proxy_url(const request_rec* r) {
  if (r->proxyreq) return std::string(as_view(r->filename).substr(kProxyPrefix.size()));
  return std::string(as_view(r->handler).substr(kProxyPrefix.size())).append(as_view(r->filename));
}

void set_proxy_url(request_rec* r, const std::string& url) {
  r->proxyreq = PROXYREQ_REVERSE;
  r->filename = apr_pstrcat(r->pool, kProxyPrefix.data(), url.c_str(), nullptr);
}

bool has_scheme(std::string_view url, std::string_view scheme) {
  return equals_ignoring_case(scheme_of_url(url), scheme);
}

bool in_the_clear(std::string_view url) {
  return has_scheme(url, "http") || has_scheme(url, "h2c");
}

const proxy_worker* worker_of_proxy(const request_rec* r, const std::string& url) {
  auto* conf = static_cast<proxy_server_conf*>(ap_get_module_config(r->server->module_config, &proxy_module));
  return ap_proxy_get_worker(r->pool, nullptr, conf, url.c_str());
}

// Both may be gone from the URL: mod_proxy keeps a socket in the worker, or in a note.
bool goes_to_no_host(const request_rec* r, const std::string& url) {
  if (has_scheme(url, "balancer") || has_scheme(url, "unix") || apr_table_get(r->notes, "uds_path"))
    return true;
  const proxy_worker* worker = worker_of_proxy(r, url);
  return worker && *worker->s->uds_path;
}

bool client_names_the_backend(const request_rec* r, std::string_view url) {
  return !in_the_clear(url) &&
         static_cast<const proxy_dir_conf*>(ap_get_module_config(r->per_dir_config, &proxy_module))
             ->preserve_host;
}

std::optional<gateway::Refusal> unserved_scheme(std::string_view url) {
  const std::string name = missing_module(url);
  if (name.empty()) return {};
  return gateway::Refusal{gateway::Reason::backend_unreachable,
                          "Salesforce cannot be reached: " + name +
                              ", which forwards such requests, is not loaded; nothing was sent.",
                          {}};
}

}  // namespace sfjwt::httpd
