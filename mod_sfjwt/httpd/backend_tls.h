// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// Where the tokens of a section may go.
struct TokenTargets {
  std::vector<std::string> hosts;  // patterns
  bool follow;                     // to their instances, always by TLS, instead of where ProxyPass says
};

/// Why a token could reach somebody who is not Salesforce: the proxy speaks TLS in this server without
/// verifying whom it speaks to (mod_ssl does not, unless told to). mod_ssl's settings are its own, so the
/// configuration is read as it was written: SSLProxyEngine, SSLProxyVerify and SSLProxyCheckPeerName of the
/// main server, this virtual host, and the <Proxy> sections of both, and the ProxyPreserveHost that holds
/// beside this SFJwt directive. A <Proxy> for a host that no token may go to is left out. Configuration time
/// only.
std::optional<std::string> unverified_backend(const server_rec& server, const ap_directive_t& enabled_at,
                                              const TokenTargets& targets);

}  // namespace sfjwt::httpd
