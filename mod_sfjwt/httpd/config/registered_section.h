// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/config/settings.h"

namespace sfjwt::httpd {

/// A section, or server, that holds a directive of ours. Configuration time only.
struct RegisteredSection {
  const SectionConfig* config;
  const server_rec* server;     // where it stands; virtual hosts inherit the sections of the main server
  bool whole_server;            // it is the server itself
  const ap_directive_t* first;  // the first of our directives in it
};

/// Whether requests to this server can be in the section.
bool inherits(const server_rec& server, const RegisteredSection& section);

/// What a request to this server is served with in this section and no inner one.
Settings effective(const RegisteredSection& section, const server_rec& server);

/// A section that does not say Off may be merged with one that says On when a request comes.
bool may_be_enabled(const RegisteredSection& section);

bool is_enabled(const Settings& settings);

/// The SFJwt directive that switches on a section that is enabled in this server.
const ap_directive_t& enabled_at(const RegisteredSection& section, const server_rec& server);

}  // namespace sfjwt::httpd
