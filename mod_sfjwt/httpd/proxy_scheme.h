// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::httpd {

/// A scheme that mod_proxy supports, and the module for it.
struct ProxyScheme {
  std::string_view scheme;
  const char* file;         // the source file by which httpd knows the module
  std::string_view module;  // the module in LoadModule, without _module
  bool tls;                 // a TLS module is needed too
};

inline constexpr std::array<ProxyScheme, 5> kProxySchemes = {{
    {"https", "mod_proxy_http.c", "proxy_http", true},
    {"http", "mod_proxy_http.c", "proxy_http", false},
    {"h2", "mod_proxy_http2.c", "proxy_http2", true},
    {"h2c", "mod_proxy_http2.c", "proxy_http2", false},
    {"balancer", "mod_proxy_balancer.c", "proxy_balancer", false},
}};

/// The row of a scheme, case-insensitive; null if the scheme is unknown.
inline const ProxyScheme* proxy_scheme(std::string_view scheme) {
  for (const ProxyScheme& known : kProxySchemes)
    if (equals_ignoring_case(known.scheme, scheme)) return &known;
  return nullptr;
}

}  // namespace sfjwt::httpd
