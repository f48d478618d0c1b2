// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/config_checks.h"

#include <algorithm>
#include <optional>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/gateway/subject_pattern.h"
#include "mod_sfjwt/httpd/config/access_checks.h"
#include "mod_sfjwt/httpd/config/config_tree.h"
#include "mod_sfjwt/httpd/config/mapping_checks.h"
#include "mod_sfjwt/httpd/config/path_scope.h"
#include "mod_sfjwt/httpd/config/proxy_mapping.h"

namespace sfjwt::httpd {
namespace {

using RegisteredSections = std::vector<RegisteredSection>;
using Servers = std::vector<const server_rec*>;

Servers servers_with(const RegisteredSection& section, const server_rec& main_server) {
  Servers servers;
  for (const server_rec* server = &main_server; server; server = server->next)
    if (inherits(*server, section)) servers.push_back(server);
  return servers;
}

void warn(const RegisteredSection& section, const server_rec& server, const ConfigErrors& found,
          ConfigErrors& warnings) {
  const SilencedChecks silenced = effective(section, server).silenced_checks.value_or(SilencedChecks{});
  for (const std::string& warning : found)
    if (!silenced.silence(warning)) add_once(warnings, warning);
}

// The findings that all of them have in common. A section of the main server is correct if it is for one of
// the servers that inherit it: it was written for that one.
ConfigErrors common(const std::vector<ConfigErrors>& findings) {
  ConfigErrors left = findings.empty() ? ConfigErrors{} : findings.front();
  for (const ConfigErrors& others : findings)
    std::erase_if(left, [&others](const std::string& finding) {
      return std::find(others.begin(), others.end(), finding) == others.end();
    });
  return left;
}

// Whether another section determines whether these requests go through the gateway.
bool decided_elsewhere(const RegisteredSection& section, const RegisteredSections& sections,
                       const server_rec& server) {
  return std::any_of(sections.begin(), sections.end(), [&](const RegisteredSection& other) {
    return other.config->settings.enabled && inherits(server, other) &&
           paths_of(other).may_overlap(paths_of(section));
  });
}

ConfigErrors never_enabled(const RegisteredSection& section, const RegisteredSections& sections,
                           const Servers& servers) {
  Settings said = section.config->settings;
  said.silenced_checks.reset();
  if (said == Settings{}) return {};  // only a directive for the whole server, such as SFJwtTokenCache
  if (std::any_of(servers.begin(), servers.end(),
                  [&](const server_rec* server) { return decided_elsewhere(section, sections, *server); }))
    return {};
  return {"SFJ0921: " + std::string(as_view(section.first->directive)) + " at " + place_of(*section.first) +
          " has no effect: SFJwt On is missing, so mod_proxy forwards requests unchanged, with the e-mail in "
          "the place of the session id; add 'SFJwt On', or 'SFJwt Off' if that is intended"};
}

ConfigErrors doubtful_pattern(const ap_directive_t& node, const std::string& expression, bool of_subjects) {
  const std::string directive = std::string(as_view(node.directive)) + " at " + place_of(node);
  const std::string shown = "'" + expression + "'";
  ConfigErrors found;
  if (const auto literal = gateway::with_literal_dots(expression))
    found.push_back("SFJ0927: " + directive + ": a dot in " + shown +
                    " matches any character, so that users of other domains match too; write '" + *literal +
                    "'");
  if (of_subjects && gateway::never_matches_subject(expression))
    found.push_back(
        "SFJ0928: " + directive + ": " + shown +
        " never matches: an expression must match the whole user name, which contains an @; write "
        "for example 'jane@corp[.]example' or '.+@corp[.]example'");
  return found;
}

ConfigErrors doubtful_patterns(const RegisteredSection& section) {
  ConfigErrors found;
  const auto add = [&found](const ap_directive_t& node, const std::string& expression, bool of_subjects) {
    for (const std::string& warning : doubtful_pattern(node, expression, of_subjects))
      found.push_back(warning);
  };
  const ap_directive_t* around = section.first->parent;
  for (const ap_directive_t* node = around ? around->first_child : ap_conftree; node; node = node->next) {
    const auto words = words_of(node);
    if (directive_is(node, "SFJwtSubjectMap") && words.size() == 2) add(*node, words[0], true);
    if (!directive_is(node, "SFJwtAllowSubject") || words.size() < 2 || argument_is(node, "expr")) continue;
    for (std::size_t i = 1; i < words.size(); ++i) add(*node, words[i], i + 1 == words.size());
  }
  return found;
}

// The patterns of SFJwtAllowInstance that can apply to requests with these paths.
Texts hosts_for(const PathScope& paths, const RegisteredSections& sections, const server_rec& server) {
  Texts hosts;
  for (const RegisteredSection& section : sections) {
    if (!inherits(server, section) || !paths_of(section).may_overlap(paths)) continue;
    const Settings settings = effective(section, server);
    const Texts own = settings.allowed_instances ? **settings.allowed_instances : gateway::default_hosts();
    hosts.insert(hosts.end(), own.begin(), own.end());
  }
  return hosts;
}

// The mappings that certainly forward requests of the section, except those for which it may be switched off.
std::vector<ProxyMapping> enabled_mappings(const RegisteredSection& section,
                                           const RegisteredSections& sections, const server_rec& server,
                                           const std::vector<ProxyMapping>& near) {
  std::vector<ProxyMapping> mappings = mappings_of(section, near);
  std::erase_if(mappings, [&](const ProxyMapping& mapping) {
    return std::any_of(sections.begin(), sections.end(), [&](const RegisteredSection& other) {
      return !other.whole_server && !other.config->settings.enabled.value_or(true) &&
             inherits(server, other) && paths_of(other).may_overlap(mapping.paths);
    });
  });
  return mappings;
}

// Checks a section in the servers where it is enabled.
void check_enabled(const RegisteredSection& section, const RegisteredSections& sections,
                   const Servers& servers, ConfigErrors& warnings, ConfigErrors& errors) {
  const PathScope paths = paths_of(section);
  std::vector<ConfigErrors> doubts;
  std::vector<ConfigErrors> without_tls;
  for (const server_rec* server : servers) {
    const auto near = mappings_near(section, *server);
    const auto mappings = enabled_mappings(section, sections, *server, near);
    warn(section, *server, useless_targets(section, *server, mappings, hosts_for(paths, sections, *server)),
         warnings);
    for (const std::string& error : unserved_schemes(mappings)) add_once(errors, error);
    const bool follows = effective(section, *server).follow.value_or(false);
    without_tls.push_back(follows ? ConfigErrors{} : missing_tls(paths, *server, mappings));
    ConfigErrors& doubt = doubts.emplace_back(unproxied(section, *server, near));
    for (const auto& more :
         {unauthenticated_rules(section, *server), missing_authorities(paths, *server, mappings, follows)})
      doubt.insert(doubt.end(), more.begin(), more.end());
  }
  for (const std::string& error : common(without_tls)) add_once(errors, error);
  warn(section, *servers.front(), common(doubts), warnings);
  warn(section, *servers.front(), open_access(section, servers), warnings);
}

}  // namespace

void check_configuration(const server_rec& main_server, const std::vector<RegisteredSection>& sections,
                         ConfigErrors& warnings, ConfigErrors& errors) {
  for (const RegisteredSection& section : sections) {
    Servers servers = servers_with(section, main_server);
    warn(section, *section.server, never_enabled(section, sections, servers), warnings);
    if (may_be_enabled(section)) warn(section, *section.server, doubtful_patterns(section), warnings);
    std::erase_if(servers,
                  [&section](const server_rec* server) { return !is_enabled(effective(section, *server)); });
    if (!servers.empty()) check_enabled(section, sections, servers, warnings, errors);
  }
}

}  // namespace sfjwt::httpd
