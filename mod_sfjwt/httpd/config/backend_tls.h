// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

// Early warnings: whether tokens could reach somebody who is not Salesforce, because the proxy speaks TLS
// without verifying whom it speaks to (mod_ssl does not, unless told to). mod_ssl's settings are its own, so
// the configuration is read as it was written. Configuration time only.

/// What mod_ssl is told at one level about connections of the proxy; absent is not said there.
struct ProxyTls {
  std::optional<bool> engine;
  std::optional<bool> verified;
  std::optional<bool> peer_name;
  std::optional<bool> peer_cn;
};

/// The verification of backends in all servers of one configuration.
class BackendVerification {
 public:
  explicit BackendVerification(const server_rec& main_server);

  /// Why backends of this server are not verified, one sentence for the server and each <Proxy> section; none
  /// when they are. SSLProxyEngine, SSLProxyVerify, SSLProxyCheckPeerName and SSLProxyCheckPeerCN are
  /// combined as mod_ssl does, <Proxy> sections matched as mod_proxy does. A <Proxy> that no address with one
  /// of the hosts (patterns of SFJwtAllowInstance) can match is left out.
  std::vector<std::string> unverified_in(const server_rec& server,
                                         const std::vector<std::string>& token_hosts) const;

 private:
  ProxyTls around_shared_sections_;
};

/// The ProxyPreserveHost by which the certificate of the backend is compared with the name the client wrote:
/// the one that holds beside this SFJwt directive in this server, which speaks TLS; else null.
const ap_directive_t* client_names_backend(const server_rec& server, const ap_directive_t& enabled_at);

/// Whether the proxy speaks TLS in this server, outside of <Proxy> sections.
bool proxy_speaks_tls(const server_rec& server);

}  // namespace sfjwt::httpd
