// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_sfjwt/httpd/config/settings.h"

namespace sfjwt::httpd {

// Settings of httpd and of other modules that do not go together with ours, as sentences with their codes and
// places; nothing when all is well. `enabled_at` is the SFJwt directive they are looked for beside.
// Configuration time only.

/// ProxyErrorOverride throws away responses with status 500 before anybody can read the fault in them.
std::optional<std::string> hidden_faults(const server_rec& server, const ap_directive_t& enabled_at);

/// DumpIOOutput writes down what goes to Salesforce.
std::optional<std::string> dumped_output(const server_rec& server, const ap_directive_t& enabled_at);

/// CoreDumpDirectory lets children write their memory into files, and others of their user read it.
std::optional<std::string> dumped_cores(const server_rec& main_server);

/// MergeTrailers puts trailers among the headers that an expression of these settings reads, so that a caller
/// adds to his identity what the proxy before us has taken away.
std::optional<std::string> merged_trailers(const server_rec& server, const Settings& settings);

}  // namespace sfjwt::httpd
