// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mod_sfjwt/httpd/config/config_errors.h"
#include "mod_sfjwt/httpd/config/registered_section.h"

namespace sfjwt::httpd {

// Checks that an enabled section identifies its callers; returns sentences with their codes and positions.
// Access control belongs to other modules, so the configuration is read as written; an unknown directive
// counts as access control. Configuration time only.

/// Whether other machines can reach the server, according to the addresses that httpd listens on.
bool reachable_by_others(const server_rec& server);

/// Whether httpd authenticates the callers of a section, and admits no others.
bool authenticates_callers(const RegisteredSection& section, const server_rec& server);

/// Rules that need REMOTE_USER although nothing authenticates callers (SFJ0925).
ConfigErrors unauthenticated_rules(const RegisteredSection& section, const server_rec& server);

/// The section admits everybody (SFJ0926) in each of these servers that other machines can reach, and there
/// is at least one.
ConfigErrors open_access(const RegisteredSection& section, const std::vector<const server_rec*>& servers);

}  // namespace sfjwt::httpd
