// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

// The configuration as written (ap_conftree), for private settings of other modules. Conditions such as
// <IfModule>, Include, Define and macros are already resolved. Configuration time only.

/// Whether the node is this directive, or this section ("<Proxy").
bool directive_is(const ap_directive_t* node, std::string_view name);

/// Its arguments, split as by httpd (ap_getword_conf): both kinds of quotes and backslashes are resolved;
/// those of a section end before its last ">".
std::vector<std::string> words_of(const ap_directive_t* node);

/// Whether its first argument is this word; case-insensitive.
bool argument_is(const ap_directive_t* node, std::string_view word);

/// Its position, "file:line".
std::string place_of(const ap_directive_t& node);

/// The name and position of the virtual host: "virtual host a.example at file:line".
std::string description_of(const server_rec& virtual_host);

/// The <VirtualHost> of this server; null for the main server, and for a virtual host that is not in the
/// configuration because a module has created it.
const ap_directive_t* virtual_host_of(const server_rec& server);

/// The directive of this name that is in force in a server: the last one in the virtual host, else in the
/// main server; null if there is none.
const ap_directive_t* in_force(std::string_view name, const server_rec& server);

/// The one that is in force beside another directive in this server: the last one in the same section, else
/// as above.
const ap_directive_t* in_force(std::string_view name, const server_rec& server, const ap_directive_t& beside);

}  // namespace sfjwt::httpd
