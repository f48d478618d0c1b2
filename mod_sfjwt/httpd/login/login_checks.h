// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_sfjwt/httpd/config/config_errors.h"
#include "mod_sfjwt/httpd/config/registered_section.h"
#include "mod_sfjwt/soap/catalog.h"

namespace sfjwt::httpd {

// Checks of SFJwtLogin. Configuration time only.

/// Whether these settings let users sign in by login().
bool has_login(const Settings& settings);

/// Why the section cannot answer login, as sentences.
ConfigErrors login_errors(const RegisteredSection& section, const server_rec& server,
                          const Settings& settings, const soap::Catalog& catalog);

/// The virtual host has no TLS, so that logins from other machines are refused (SFJ0941); nothing if it has,
/// or if SFJwtLoginInsecure is On.
std::optional<std::string> login_in_clear(const RegisteredSection& section, const server_rec& server,
                                          const Settings& settings);

}  // namespace sfjwt::httpd
