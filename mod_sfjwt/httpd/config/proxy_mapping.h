// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/httpd/config/path_scope.h"
#include "mod_sfjwt/httpd/config/registered_section.h"

namespace sfjwt::httpd {

/// A ProxyPass or ProxyPassMatch as written.
struct ProxyMapping {
  const ap_directive_t* directive;
  PathScope paths;     // of the requests that it forwards
  std::string target;  // the address; "!": these requests are not forwarded
  bool literal;        // the address is the same for every request, except for what is appended
};

/// The mappings in this server that can forward requests of a section.
std::vector<ProxyMapping> mappings_near(const RegisteredSection& section, const server_rec& server);

/// Those that certainly forward requests of the section: its own; else those for paths within it; else the
/// only one whose path contains it.
std::vector<ProxyMapping> mappings_of(const RegisteredSection& section,
                                      const std::vector<ProxyMapping>& near);

/// Whether requests can be proxied other than by ProxyPass: by RewriteRule, SetHandler, a forward proxy,
/// scripts or .htaccess files.
bool proxied_otherwise();

/// The common prefix of the addresses to which a mapping forwards the requests with these paths.
std::string address_of(const ProxyMapping& mapping, const PathScope& paths);

/// The scheme of an address, in lower case; empty if there is none or it depends on a variable.
std::string scheme_of(std::string_view address);

}  // namespace sfjwt::httpd
