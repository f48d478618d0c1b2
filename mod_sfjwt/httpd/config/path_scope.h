// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/httpd/config/registered_section.h"

namespace sfjwt::httpd {

// Which directives of the configuration as written can apply to the requests of a section. If this is
// unclear, a directive may apply. Configuration time only.

/// The request paths to which a section, or a directive such as ProxyPass, applies.
struct PathScope {
  /// The common prefix of the paths; nullopt if it is unknown (a regular expression, wildcards, <Proxy>,
  /// <If>).
  std::optional<std::string> beginning;

  /// Whether a request can match both.
  bool may_overlap(const PathScope& other) const;
  /// Whether every request that matches the other certainly matches this.
  bool covers(const PathScope& other) const;
};

/// All paths, as for a server.
PathScope all_paths();

/// The paths of a section; all paths for null and <VirtualHost>.
PathScope paths_of(const ap_directive_t* section);

PathScope paths_of(const RegisteredSection& section);

/// A directive, and the paths of the sections that contain it.
struct ScopedDirective {
  const ap_directive_t* directive;
  PathScope scope;
};

/// The directives, including sections, that can apply to proxied requests with these paths in this server:
/// those of the server, the main server, and their sections. Not those of <Directory> and <Files>, which
/// httpd does not apply to proxied requests.
std::vector<ScopedDirective> directives_for(const PathScope& scope, const server_rec& server);

/// All directives of the configuration.
std::vector<const ap_directive_t*> all_directives();

}  // namespace sfjwt::httpd
