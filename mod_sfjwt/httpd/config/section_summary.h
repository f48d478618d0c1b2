// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/httpd/config/credentials.h"
#include "mod_sfjwt/httpd/config/settings.h"
#include "mod_sfjwt/soap/catalog.h"

namespace sfjwt::httpd {

/// Describes a complete section in one line for the log at start: its WSDLs, its keys, the source of the
/// subject and the allowed token targets. Contains no secrets. Configuration time only.
std::string section_summary(const Settings& settings, const soap::Catalog& catalog,
                            const Credentials& credentials, const Texts& allowed_hosts);

}  // namespace sfjwt::httpd
