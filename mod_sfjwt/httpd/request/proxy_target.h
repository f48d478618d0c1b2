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

/// An address, and who may receive a token there or why it may not go there. The receiver points into the
/// URL, so neither moves.
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

/// "https://host/path" of what mod_proxy was told, before it has done anything with it.
std::string proxy_url(const request_rec* r);

/// Makes mod_proxy send the request to this URL.
void set_proxy_url(request_rec* r, const std::string& url);

bool has_scheme(std::string_view url, std::string_view scheme);
bool in_the_clear(std::string_view url);

/// The worker of mod_proxy's own for an address; null when it has none but the one for everything.
const proxy_worker* worker_of_proxy(const request_rec* r, const std::string& url);

/// Whether the URL leads to a balancer or a Unix socket.
bool goes_to_no_host(const request_rec* r, const std::string& url);

/// Whether the certificate of the backend is compared with the name the client wrote (ProxyPreserveHost).
bool client_names_the_backend(const request_rec* r, std::string_view url);

/// The refusal when a module is not loaded that mod_proxy needs for this URL.
std::optional<gateway::Refusal> unserved_scheme(std::string_view url);

}  // namespace sfjwt::httpd
