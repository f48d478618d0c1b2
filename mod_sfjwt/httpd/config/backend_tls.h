// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

// Warns at start if tokens could reach somebody other than Salesforce, because the proxy uses TLS without
// verifying the peer (the default of mod_ssl). The settings of mod_ssl are private to it, so the
// configuration is read as written. Configuration time only.

/// The settings of mod_ssl at one level for connections of the proxy; nullopt: not set there.
struct ProxyTls {
  std::optional<bool> engine;
  std::optional<bool> verified;
  std::optional<bool> peer_name;
  std::optional<bool> peer_cn;
};

/// The verification of backends in all servers of a configuration.
class BackendVerification {
 public:
  explicit BackendVerification(const server_rec& main_server);

  /// Why backends of this server are not verified, one sentence for the server and for each <Proxy> section;
  /// empty if they are. SSLProxyEngine, SSLProxyVerify, SSLProxyCheckPeerName and SSLProxyCheckPeerCN are
  /// combined like in mod_ssl, and <Proxy> sections are matched like in mod_proxy. A <Proxy> that matches no
  /// address with one of the hosts (patterns of SFJwtAllowInstance) is ignored.
  std::vector<std::string> unverified_in(const server_rec& server,
                                         const std::vector<std::string>& token_hosts) const;

 private:
  ProxyTls around_shared_sections_;
};

/// The ProxyPreserveHost that makes httpd compare the certificate of the backend with the host name from the
/// client: the one in force beside this SFJwt directive in this server, if the server's proxy uses TLS; else
/// null.
const ap_directive_t* client_names_backend(const server_rec& server, const ap_directive_t& enabled_at);

/// Whether the proxy uses TLS in this server, outside of <Proxy> sections.
bool proxy_speaks_tls(const server_rec& server);

}  // namespace sfjwt::httpd
