// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"

namespace sfjwt {

/// Whether a host matches a pattern of SFJwtAllowInstance: an exact host name, or ".domain" / "*.domain" for
/// every host below that domain (label boundary, the domain itself not included). Case-insensitive. What is
/// no host name (RFC 1123 section 2.1, underscores tolerated; a trailing dot, an empty label, any other byte)
/// never matches; an IP address, in brackets or not, only matches itself.
bool host_matches(std::string_view host, std::string_view pattern);

/// Checks a pattern when it is configured; the error says what is wrong with it.
Result<Done, std::string> check_host_pattern(std::string_view pattern);

/// An IPv6 address as it is without the brackets it has in a URL; every other host unchanged.
std::string_view without_brackets(std::string_view host);

/// Whether a host is this machine whatever the resolver says: localhost, 127.0.0.0/8 in dotted form, ::1
/// (with or without brackets).
bool is_loopback(std::string_view host);

}  // namespace sfjwt
