// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "mod_sfjwt/gateway/gateway.h"
#include "mod_sfjwt/httpd/config/section_registry.h"
#include "mod_sfjwt/httpd/request/fault_watch.h"
#include "mod_sfjwt/httpd/request/proxy_target.h"
#include "mod_sfjwt/httpd/request/request_body.h"
#include "mod_sfjwt/tokens/token_source.h"

namespace sfjwt::httpd {

/// The state of one request that outlives the attempts to forward it (httpd/request/attempt.h). It is in the
/// pool of the request, because httpd reads the response through it until the request is done.
struct Exchange {
  explicit Exchange(const GatewaySection& its_section) : section(its_section) {}

  const GatewaySection& section;
  RequestBody body;
  std::optional<gateway::Admitted> admitted;
  std::optional<tokens::SuppliedToken> supplied;
  std::optional<Target> proxied;  // the address in ProxyPass; nullopt: a balancer
  FaultWatch watch;               // of the response
};

/// The exchange of a request that the gateway handles; null for every other request.
inline Exchange* exchange_of(const request_rec* r) {
  return static_cast<Exchange*>(ap_get_module_config(r->request_config, &sfjwt_module));
}

inline void set_exchange(request_rec* r, Exchange* exchange) {
  ap_set_module_config(r->request_config, &sfjwt_module, exchange);
}

/// Sets a variable for LogFormat and expressions.
inline void note(request_rec* r, const char* name, std::string_view value) {
  apr_table_setn(r->subprocess_env, name, apr_pstrmemdup(r->pool, value.data(), value.size()));
}

}  // namespace sfjwt::httpd
