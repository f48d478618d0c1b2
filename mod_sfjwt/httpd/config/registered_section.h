// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/httpd/config/settings.h"

namespace sfjwt::httpd {

/// A section or server with a directive of this module. Configuration time only.
struct RegisteredSection {
  const SectionConfig* config;
  const server_rec* server;  // where it is configured; virtual hosts inherit the sections of the main server
  bool whole_server;         // it is the server itself
  const ap_directive_t* first;  // the first directive of this module in it
};

/// Whether the section can apply to requests to this server.
bool inherits(const server_rec& server, const RegisteredSection& section);

/// The settings for a request to this server in this section, but in no nested one.
Settings effective(const RegisteredSection& section, const server_rec& server);

/// A section without SFJwt Off may be merged with an enabled one for a request.
bool may_be_enabled(const RegisteredSection& section);

bool is_enabled(const Settings& settings);

/// The SFJwt directive that enables a section in this server.
const ap_directive_t& enabled_at(const RegisteredSection& section, const server_rec& server);

}  // namespace sfjwt::httpd
