// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/httpd/config/path_scope.h"
#include "mod_sfjwt/httpd/config/registered_section.h"

namespace sfjwt::httpd {

/// A ProxyPass or ProxyPassMatch as it was written.
struct ProxyMapping {
  const ap_directive_t* directive;
  PathScope paths;     // of the requests it forwards
  std::string target;  // the address; "!": these requests are not forwarded
  bool literal;        // the address is that of every request, but for what is appended to it
};

/// The mappings that can forward requests of a section to this server.
std::vector<ProxyMapping> mappings_near(const RegisteredSection& section, const server_rec& server);

/// Of these, the ones that certainly forward requests of the section: its own; else those of paths within
/// it; else the only one whose path it lies in.
std::vector<ProxyMapping> mappings_of(const RegisteredSection& section,
                                      const std::vector<ProxyMapping>& near);

/// Whether something else than ProxyPass can make proxied requests of any request: RewriteRule, SetHandler,
/// a forward proxy, scripts, .htaccess files.
bool proxied_otherwise();

/// What the addresses begin with to which a mapping forwards the requests of these paths.
std::string address_of(const ProxyMapping& mapping, const PathScope& paths);

/// The scheme of an address, in lower case; empty when it has none or a variable decides it.
std::string scheme_of(std::string_view address);

}  // namespace sfjwt::httpd
