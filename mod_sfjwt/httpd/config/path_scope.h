// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/httpd/config/registered_section.h"

namespace sfjwt::httpd {

// Which directives of the configuration as it was written can apply to the requests of a section. Whatever is
// not understood may apply. Configuration time only.

/// The paths of the requests that a section, or a directive such as ProxyPass, is for.
struct PathScope {
  /// What they begin with; absent: nobody knows (a regular expression, wildcards, <Proxy>, <If>).
  std::optional<std::string> beginning;

  /// Whether a request can be in both.
  bool may_overlap(const PathScope& other) const;
  /// Whether every request of the other one is certainly in this one.
  bool covers(const PathScope& other) const;
};

/// Every path, as a server has.
PathScope all_paths();

/// The paths of a section; those of a server for null and <VirtualHost>.
PathScope paths_of(const ap_directive_t* section);

PathScope paths_of(const RegisteredSection& section);

/// A directive, and the paths of the sections around it.
struct ScopedDirective {
  const ap_directive_t* directive;
  PathScope scope;
};

/// The directives, sections among them, that can apply to proxied requests of these paths to this server: in
/// the server, the main server, and their sections. Not those of <Directory> and <Files>, which httpd does
/// not ask about proxied requests.
std::vector<ScopedDirective> directives_for(const PathScope& scope, const server_rec& server);

/// All directives of the configuration.
std::vector<const ap_directive_t*> all_directives();

}  // namespace sfjwt::httpd
