// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

// The configuration as it was written (ap_conftree), for the settings of other modules that are theirs alone.
// Conditions such as <IfModule>, Include, Define and macros are resolved in it. Configuration time only.

/// Whether this is the directive, or the section ("<Proxy"), of this name.
bool directive_is(const ap_directive_t* node, std::string_view name);

/// Its arguments as httpd splits them (ap_getword_conf): quotes of both kinds and backslashes are resolved;
/// those of a section up to its last ">".
std::vector<std::string> words_of(const ap_directive_t* node);

/// Whether its first argument is this word, in whatever case.
bool argument_is(const ap_directive_t* node, std::string_view word);

/// Where it stands, "file:line".
std::string place_of(const ap_directive_t& node);

/// The virtual host by name and place: "virtual host a.example at file:line".
std::string description_of(const server_rec& virtual_host);

/// The section of this virtual host; null for the main server, and for a virtual host that is not found in
/// the configuration, because a module has made it.
const ap_directive_t* virtual_host_of(const server_rec& server);

/// The directive of this name that holds in a server: the last one said in the virtual host, else in the
/// main server; null if nobody says it.
const ap_directive_t* in_force(std::string_view name, const server_rec& server);

/// The one that holds beside another directive, in this server: the last one said in its section, else as
/// above.
const ap_directive_t* in_force(std::string_view name, const server_rec& server, const ap_directive_t& beside);

}  // namespace sfjwt::httpd
