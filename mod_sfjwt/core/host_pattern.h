// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"

namespace sfjwt {

/// Whether a host matches a pattern of SFJwtAllowInstance: an exact host name, or ".domain" / "*.domain" for
/// every host below that domain, but not the domain itself. Case-insensitive. A host that is not a valid host
/// name (RFC 1123 section 2.1; underscores are allowed; no trailing dot, no empty label) never matches. An IP
/// address, with or without brackets, matches only itself.
bool host_matches(std::string_view host, std::string_view pattern);

/// Checks a configured pattern; the error gives the reason.
Result<Done, std::string> check_host_pattern(std::string_view pattern);

/// Removes the brackets that an IPv6 address has in a URL; returns any other host unchanged.
std::string_view without_brackets(std::string_view host);

/// Whether a host is this machine regardless of the resolver: localhost, 127.0.0.0/8 in dotted form, ::1
/// (with or without brackets).
bool is_loopback(std::string_view host);

}  // namespace sfjwt
