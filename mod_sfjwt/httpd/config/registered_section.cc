// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/registered_section.h"

namespace sfjwt::httpd {

bool inherits(const server_rec& server, const RegisteredSection& section) {
  return section.server == &server || !section.server->is_virtual;
}

Settings effective(const RegisteredSection& section, const server_rec& server) {
  const Settings& around = config_in(server.lookup_defaults).settings;
  return section.whole_server ? around : merged(around, section.config->settings);
}

bool may_be_enabled(const RegisteredSection& section) {
  return section.config->settings.enabled.value_or(true);
}

bool is_enabled(const Settings& settings) {
  return settings.enabled.value_or(false);
}

const ap_directive_t& enabled_at(const RegisteredSection& section, const server_rec& server) {
  const bool itself = section.config->enabled_at && !section.whole_server;
  return *(itself ? *section.config : config_in(server.lookup_defaults)).enabled_at;
}

}  // namespace sfjwt::httpd
