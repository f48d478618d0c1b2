// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_sfjwt/httpd/config/settings.h"

namespace sfjwt::httpd {

// Settings of httpd and of other modules that conflict with ours, as sentences with their codes and
// positions; nullopt if there is no conflict. `enabled_at` is the SFJwt directive whose context is checked.
// Configuration time only.

/// ProxyErrorOverride discards responses with status 500 before the fault in them can be read.
std::optional<std::string> hidden_faults(const server_rec& server, const ap_directive_t& enabled_at);

/// DumpIOOutput logs the data sent to Salesforce.
std::optional<std::string> dumped_output(const server_rec& server, const ap_directive_t& enabled_at);

/// DumpIOInput logs the data that clients send, passwords included. For sections with SFJwtLogin.
std::optional<std::string> dumped_input(const server_rec& server, const ap_directive_t& enabled_at);

/// CoreDumpDirectory lets children write their memory to files that other processes of the same user can
/// read.
std::optional<std::string> dumped_cores(const server_rec& main_server);

/// MergeTrailers merges trailers into the headers that an expression of these settings uses, so that a caller
/// can add identity headers that a proxy in front has removed.
std::optional<std::string> merged_trailers(const server_rec& server, const Settings& settings);

}  // namespace sfjwt::httpd
