// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/httpd/config/credentials.h"
#include "mod_sfjwt/httpd/config/settings.h"
#include "mod_sfjwt/soap/catalog.h"

namespace sfjwt::httpd {

/// What a complete section serves, in one line for the log at start: its WSDLs, its keys, where the subject
/// comes from and where tokens may go. Nothing of it is secret. Configuration time only.
std::string section_summary(const Settings& settings, const soap::Catalog& catalog,
                            const Credentials& credentials, const Texts& allowed_hosts);

}  // namespace sfjwt::httpd
