// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

// The configuration as it was written (ap_conftree), for the settings of other modules that are theirs alone.
// Conditions such as <IfModule> are resolved in it. Configuration time only.

/// Whether this is the directive, or the section ("<Proxy"), of this name.
bool is(const ap_directive_t* node, std::string_view name);

/// Whether its argument is this word, in quotes or not.
bool says(const ap_directive_t* node, std::string_view word);

/// Where it stands, "file:line".
std::string place_of(const ap_directive_t& node);

/// The section of this virtual host; null for the main server.
const ap_directive_t* virtual_host_of(const server_rec& server);

/// The directive of this name that holds beside another one: the last one said in its section, else in the
/// virtual host, else in the main server; null if nobody says it.
const ap_directive_t* in_force(std::string_view name, const server_rec& server, const ap_directive_t& beside);

}  // namespace sfjwt::httpd
