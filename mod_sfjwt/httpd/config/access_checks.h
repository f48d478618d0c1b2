// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mod_sfjwt/httpd/config/config_errors.h"
#include "mod_sfjwt/httpd/config/registered_section.h"

namespace sfjwt::httpd {

// Whether an enabled section asks who its callers are, as sentences with their codes and places. Access
// control is that of other modules, so the configuration is read as it was written; one that is not known
// here counts as access control. Configuration time only.

/// Rules that need REMOTE_USER where nothing authenticates callers (SFJ0925).
ConfigErrors unauthenticated_rules(const RegisteredSection& section, const server_rec& server);

/// The section lets everybody in (SFJ0926): in each of these servers that other machines can reach, and there
/// is one.
ConfigErrors open_access(const RegisteredSection& section, const std::vector<const server_rec*>& servers);

}  // namespace sfjwt::httpd
