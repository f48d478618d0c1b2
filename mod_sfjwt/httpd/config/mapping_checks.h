// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/config/config_errors.h"
#include "mod_sfjwt/httpd/config/proxy_mapping.h"

namespace sfjwt::httpd {

// What an administrator most likely did not mean about where mod_proxy forwards the requests of an enabled
// section, as sentences with their codes and places. Configuration time only.

/// No request of the section can be a proxied one (SFJ0922). `near` are its mappings in this server.
ConfigErrors unproxied(const RegisteredSection& section, const server_rec& server,
                       const std::vector<ProxyMapping>& near);

/// Addresses that can never receive a token (SFJ0923), and slashes that do not go together (SFJ0924). `hosts`
/// are the patterns of SFJwtAllowInstance that can apply.
ConfigErrors useless_targets(const RegisteredSection& section, const server_rec& server,
                             const std::vector<ProxyMapping>& mappings, const Texts& hosts);

/// Addresses whose scheme no module that is loaded serves (SFJ0929). An error.
ConfigErrors unserved_schemes(const std::vector<ProxyMapping>& mappings);

/// https addresses in a server whose proxy does not speak TLS (SFJ0929). An error when it is so in every
/// server that has the section.
ConfigErrors missing_tls(const PathScope& paths, const server_rec& server,
                         const std::vector<ProxyMapping>& mappings);

/// Backends are verified and no certificate authority is named (SFJ0930). `follows` is SFJwtInstance follow.
ConfigErrors missing_authorities(const PathScope& paths, const server_rec& server,
                                 const std::vector<ProxyMapping>& mappings, bool follows);

}  // namespace sfjwt::httpd
