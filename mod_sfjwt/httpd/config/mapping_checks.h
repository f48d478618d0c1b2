// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/config/config_errors.h"
#include "mod_sfjwt/httpd/config/proxy_mapping.h"

namespace sfjwt::httpd {

// Probable mistakes in where mod_proxy forwards the requests of an enabled section, as sentences with their
// codes and positions. Configuration time only.

/// No request of the section can be proxied (SFJ0922). `near` are its mappings in this server.
ConfigErrors unproxied(const RegisteredSection& section, const server_rec& server,
                       const std::vector<ProxyMapping>& near);

/// Addresses that can never receive a token (SFJ0923), and slashes that do not match (SFJ0924). `hosts` are
/// the patterns of SFJwtAllowInstance that can apply.
ConfigErrors useless_targets(const RegisteredSection& section, const server_rec& server,
                             const std::vector<ProxyMapping>& mappings, const Texts& hosts);

/// Addresses with a scheme that no loaded module supports (SFJ0929). An error.
ConfigErrors unserved_schemes(const std::vector<ProxyMapping>& mappings);

/// https addresses in a server whose proxy does not use TLS (SFJ0929). An error if this applies to every
/// server that has the section.
ConfigErrors missing_tls(const PathScope& paths, const server_rec& server,
                         const std::vector<ProxyMapping>& mappings);

/// Backends are verified, but no CA certificates are configured (SFJ0930). `follows` is SFJwtInstance follow.
ConfigErrors missing_authorities(const PathScope& paths, const server_rec& server,
                                 const std::vector<ProxyMapping>& mappings, bool follows);

}  // namespace sfjwt::httpd
