// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mod_sfjwt/httpd/config/config_errors.h"
#include "mod_sfjwt/httpd/config/registered_section.h"

namespace sfjwt::httpd {

/// Looks for mistakes that httpd itself accepts, in all servers of a configuration: each is told once, with
/// its code and the place of the directive. `warnings` gets what SFJwtChecks does not silence there, `errors`
/// what can never work. It says nothing where another module, a variable or a condition may make it right.
/// Configuration time only, when all directives are read.
void check_configuration(const server_rec& main_server, const std::vector<RegisteredSection>& sections,
                         ConfigErrors& warnings, ConfigErrors& errors);

}  // namespace sfjwt::httpd
