// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/gateway/target.h"
#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// An address, and who may receive a token there or why nobody may. The receiver points into the URL, so
/// neither can be moved.
struct Target {
  Target(std::string its_url, const std::vector<std::string>& allowed_hosts,
         const gateway::BackendFamily& backend)
      : url(std::move(its_url)), receiver(gateway::may_receive_token(url, allowed_hosts, backend)) {}
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  const std::string url;
  const Result<gateway::Receiver, std::string> receiver;
};

/// Whether mod_proxy will forward this request as a reverse proxy (ProxyPass, RewriteRule [P], SetHandler
/// proxy:).
bool goes_to_proxy(const request_rec* r);

/// The URL that mod_proxy was given ("https://host/path"), before it processes it.
std::string proxy_url(const request_rec* r);

/// Sets the URL to which mod_proxy sends the request.
void set_proxy_url(request_rec* r, const std::string& url);

bool has_scheme(std::string_view url, std::string_view scheme);
bool in_the_clear(std::string_view url);

/// mod_proxy's own worker for an address; null if it has only the default worker.
const proxy_worker* worker_of_proxy(const request_rec* r, const std::string& url);

/// Whether the URL is that of a balancer or a Unix socket.
bool goes_to_no_host(const request_rec* r, const std::string& url);

/// Whether the certificate of the backend is compared with the host name from the client (ProxyPreserveHost).
bool client_names_the_backend(const request_rec* r, std::string_view url);

/// The refusal if a module that mod_proxy needs for this URL is not loaded.
std::optional<gateway::Refusal> unserved_scheme(std::string_view url);

}  // namespace sfjwt::httpd
