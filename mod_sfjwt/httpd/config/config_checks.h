// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mod_sfjwt/httpd/config/config_errors.h"
#include "mod_sfjwt/httpd/config/registered_section.h"

namespace sfjwt::httpd {

/// Looks for mistakes that httpd accepts, in all servers of a configuration. Each is reported once, with its
/// code and the position of the directive. `warnings` gets those that SFJwtChecks does not silence there,
/// `errors` what can never work. Nothing is reported if another module, a variable or a condition may correct
/// it. Configuration time only, after all directives have been read.
void check_configuration(const server_rec& main_server, const std::vector<RegisteredSection>& sections,
                         ConfigErrors& warnings, ConfigErrors& errors);

}  // namespace sfjwt::httpd
