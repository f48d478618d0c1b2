// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/login/public_address.h"

#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {
namespace {

std::string address(std::string_view scheme, std::string_view host, apr_port_t port) {
  std::string url(scheme);
  const bool brackets = host.find(':') != std::string_view::npos && !host.starts_with('[');
  url.append("://").append(brackets ? "[" : "").append(host).append(brackets ? "]" : "");
  if (port != 0 && port != apr_uri_port_of_scheme(std::string(scheme).c_str()))
    url.append(":").append(std::to_string(port));
  return url;
}

// The name of the server as it is configured; null if the client has called it by another one.
const char* configured_name(const request_rec* r) {
  const server_rec& server = *r->server;
  if (!r->hostname) return nullptr;
  if (server.server_hostname && equals_ignoring_case(r->hostname, server.server_hostname))
    return server.server_hostname;
  if (!server.names) return nullptr;
  for (int i = 0; i < server.names->nelts; ++i) {
    const char* name = APR_ARRAY_IDX(server.names, i, const char*);
    if (name && equals_ignoring_case(r->hostname, name)) return name;
  }
  return nullptr;
}

bool listens_on(apr_port_t port) {
  for (const ap_listen_rec* listener = ap_listeners; listener; listener = listener->next)
    if (listener->bind_addr && listener->bind_addr->port == port) return true;
  return false;
}

}  // namespace

std::string public_address(const request_rec* r, std::string_view public_url) {
  if (!public_url.empty()) return std::string(public_url.substr(0, public_url.find_last_not_of('/') + 1));
  const std::string_view scheme = as_view(ap_http_scheme(r));
  const apr_port_t usual = apr_uri_port_of_scheme(std::string(scheme).c_str());
  const apr_port_t called = r->parsed_uri.port_str ? r->parsed_uri.port : usual;
  const char* name = configured_name(r);
  if (name && listens_on(called)) return address(scheme, name, called);
  const apr_port_t port = r->server->port ? r->server->port : r->connection->local_addr->port;
  return address(scheme, as_view(r->server->server_hostname), port);
}

}  // namespace sfjwt::httpd
