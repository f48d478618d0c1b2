// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "mod_sfjwt/gateway/gateway.h"
#include "mod_sfjwt/gateway/target.h"
#include "mod_sfjwt/httpd/config/section_registry.h"
#include "mod_sfjwt/httpd/request/backend_error.h"
#include "mod_sfjwt/httpd/request/request_body.h"
#include "mod_sfjwt/tokens/token_source.h"

namespace sfjwt::httpd {

class Attempt;
class FaultWatch;

/// A URL the token may go to, and whom it names. The receiver points into the URL, so neither moves.
struct Target {
  explicit Target(std::string its_url) : url(std::move(its_url)) {}
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  const std::string url;
  gateway::Receiver receiver;
};

/// One request on its way through the gateway. Lives in the request's pool, because httpd reads the body from
/// it until the request is done.
struct Exchange {
  explicit Exchange(const GatewaySection& its_section) : section(its_section) {}

  const GatewaySection& section;
  RequestBody body;
  std::optional<gateway::Admitted> admitted;
  std::optional<tokens::SuppliedToken> supplied;
  std::string proxied_url;                  // where ProxyPass sends the request
  std::optional<Target> target;             // nothing: none was judged yet
  Attempt* attempt = nullptr;               // that runs; null: none does
  bool sent = false;                        // the last attempt has sent something
  std::optional<gateway::Refusal> refusal;  // why the last attempt was stopped
  BackendError backend_error;               // what kept the last attempt from its backend
  FaultWatch* watch = nullptr;              // of the response; null: it has none yet
};

/// The exchange of a request that is in our hands already; null for every other.
inline Exchange* exchange_of(const request_rec* r) {
  return static_cast<Exchange*>(ap_get_module_config(r->request_config, &sfjwt_module));
}

inline void set_exchange(request_rec* r, Exchange* exchange) {
  ap_set_module_config(r->request_config, &sfjwt_module, exchange);
}

/// A variable for LogFormat and expressions.
inline void note(request_rec* r, const char* name, std::string_view value) {
  apr_table_setn(r->subprocess_env, name, apr_pstrmemdup(r->pool, value.data(), value.size()));
}

}  // namespace sfjwt::httpd
