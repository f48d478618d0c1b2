// SPDX-License-Identifier: Apache-2.0
// Reads, checks and builds all sections after all directives have been read.
#include <algorithm>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/httpd/config/backend_tls.h"
#include "mod_sfjwt/httpd/config/config_checks.h"
#include "mod_sfjwt/httpd/config/config_tree.h"
#include "mod_sfjwt/httpd/config/section_registry.h"
#include "mod_sfjwt/httpd/config/section_summary.h"
#include "mod_sfjwt/httpd/config/start_checks.h"
#include "mod_sfjwt/httpd/login/login_checks.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"

namespace sfjwt::httpd {
namespace {

using Registered = SectionRegistry::Registered;

bool stands_in(const ap_directive_t& node, const server_rec& server) {
  const ap_directive_t* host = virtual_host_of(server);
  const ap_directive_t* around = &node;
  while (around && around != host) around = around->parent;
  return around == host;
}

std::string where(const Registered& section, const server_rec& server) {
  const ap_directive_t& directive = enabled_at(section, server);
  return ": SFJwt On at " + place_of(directive) +
         (stands_in(directive, server) ? "" : ", inherited by the " + description_of(server)) + ": ";
}

// What to do, if the error is in a virtual host that inherits a section perhaps unintentionally.
std::string remedy_for_heir(const Registered& section, const server_rec& server) {
  if (stands_in(enabled_at(section, server), server)) return {};
  return "; or, if this virtual host does not need it, set SFJwt in the virtual hosts that do";
}

ConfigErrors unknown_denied_operations(const OperationRules& rules,
                                       const std::set<const soap::Catalog*>& catalogs, const char* place) {
  ConfigErrors errors;
  for (const gateway::OperationRule& rule : rules)
    for (const std::string& name : rule.operations)
      if (std::none_of(catalogs.begin(), catalogs.end(),
                       [&name](const auto* catalog) { return catalog->operation_named(name); }))
        add_once(errors, "SFJwtDenyOperation: operation " + printable(name, 80) + place);
  return errors;
}

}  // namespace

std::vector<Registered> SectionRegistry::sections_of(const server_rec& server) const {
  std::vector<Registered> sections;
  for (const Registered& section : registered_)
    if (inherits(server, section)) sections.push_back(section);
  return sections;
}

bool SectionRegistry::enabled_in(const server_rec& server) const {
  const auto sections = sections_of(server);
  return std::any_of(sections.begin(), sections.end(),
                     [&server](const Registered& section) { return is_enabled(effective(section, server)); });
}

ConfigErrors SectionRegistry::complete(server_rec& main_server) {
  ConfigErrors errors;
  check_configuration(main_server, registered_, warnings_, errors);
  std::vector<const server_rec*> servers;  // those to which a section applies
  for (const server_rec* server = &main_server; server; server = server->next)
    if (enabled_in(*server)) servers.push_back(server);
  if (servers.empty()) return errors;
  measure_buffers(servers);
  if (const auto problem = net::libcurl_problem()) add_once(errors, "SFJ0932: " + *problem);
  token_cache_.open(main_server, errors, warnings_);
  if (std::any_of(registered_.begin(), registered_.end(),
                  [](const Registered& section) { return has_login(section.config->settings); }))
    login_store_.open(main_server, errors, warnings_);
  for (const server_rec* server : servers) read_files(*server, errors);
  credentials_.forget_passphrases();
  for (const auto& reminder : expiry_reminder_.due(clock_.now()))
    add_once(reminder.expired ? errors_ : warnings_, "SFJ0937: " + reminder.text);
  if (const auto error = dumped_cores(main_server)) add_once(errors_, *error);
  const BackendVerification backends(main_server);
  for (const server_rec* server : servers) check_server(*server, backends, errors);
  check_denied_operations(main_server, errors);
  for (const server_rec* server : servers)
    for (const Registered& section : sections_of(*server))
      if (is_enabled(effective(section, *server))) complete(section, *server, errors);
  return errors;
}

// One caller may use half of the limit, so a larger body would always be refused.
void SectionRegistry::measure_buffers(const std::vector<const server_rec*>& servers) {
  std::size_t largest = 0;
  for (const server_rec* server : servers) {
    for (const Registered& section : sections_of(*server)) {
      const Settings settings = effective(section, *server);
      if (is_enabled(settings)) largest = std::max(largest, settings.max_body.value_or(kMaxBody));
      if (may_be_enabled(section)) largest = std::max(largest, section.config->settings.max_body.value_or(0));
    }
  }
  body_buffers_.measure(largest);
  if (const auto bytes = body_buffers_.configured(); bytes && *bytes / 2 < largest)
    add_once(warnings_, "SFJ0106: SFJwtMaxBuffered " + std::to_string(*bytes) +
                            " is less than twice the largest SFJwtMaxBody (" + std::to_string(largest) +
                            "): request bodies of more than " + std::to_string(*bytes / 2) +
                            " bytes are always refused");
}

void SectionRegistry::check_server(const server_rec& server, const BackendVerification& backends,
                                   ConfigErrors& errors) {
  const auto sections = sections_of(server);
  Texts token_hosts;
  const Registered* first = nullptr;
  for (const Registered& section : sections) {
    const Settings settings = effective(section, server);
    if (!may_be_enabled(section) && !is_enabled(settings)) continue;
    const Texts hosts = settings.allowed_instances ? **settings.allowed_instances : gateway::default_hosts();
    token_hosts.insert(token_hosts.end(), hosts.begin(), hosts.end());
    if (const auto trailers = merged_trailers(server, settings)) add_once(errors, *trailers);
    if (!is_enabled(settings)) continue;
    if (!first) first = &section;
    check_section(section, server, settings, errors);
  }
  for (const std::string& unverified : backends.unverified_in(server, token_hosts))
    add_once(errors, "SFJ0914" + where(*first, server) + unverified + remedy_for_heir(*first, server));
}

void SectionRegistry::check_section(const Registered& section, const server_rec& server,
                                    const Settings& settings, ConfigErrors& errors) {
  const ap_directive_t& directive = enabled_at(section, server);
  // An inheriting server whose proxy has no TLS only fails to connect.
  if (settings.follow.value_or(false) && stands_in(directive, server) && !proxy_speaks_tls(server))
    add_once(errors, "SFJ0914" + where(section, server) +
                         "SFJwtInstance follow goes to https addresses; set 'SSLProxyEngine On' in the "
                         "server, with 'SSLProxyVerify require' and SSLProxyCACertificateFile");
  if (const ap_directive_t* kept = client_names_backend(server, directive))
    add_once(errors, "SFJ0914" + where(section, server) + "ProxyPreserveHost at " + place_of(*kept) +
                         " makes httpd compare the certificate of Salesforce with the name that the client "
                         "sent; set it to Off");
  if (const soap::Catalog* catalog = catalog_of(settings))
    for (const std::string& error : login_errors(section, server, settings, *catalog))
      add_once(errors, "SFJ0901" + where(section, server) + error);
  if (const auto warning = login_in_clear(section, server, settings)) add_once(warnings_, *warning);
  if (settings.renew.value_or(true))
    if (const auto error = hidden_faults(server, directive)) add_once(errors_, *error);
  if (const auto error = dumped_output(server, directive)) add_once(errors_, *error);
  if (has_login(settings))
    if (const auto error = dumped_input(server, directive)) add_once(errors_, *error);
}

void SectionRegistry::complete(const Registered& section, const server_rec& server, ConfigErrors& errors) {
  const Settings settings = effective(section, server);
  const auto add_error = [&](const std::string& about) {
    add_once(errors, "SFJ0901" + where(section, server) + about);
  };
  // Errors of the section itself are reported where it is configured, not again for each inheriting server.
  if (section.server == &server || settings != effective(section, *section.server))
    for (const std::string& error : missing(settings)) add_error(error);
  if (!errors.empty() || checked_.contains(settings)) return;
  auto built = build(settings);
  if (built) {
    notices_.push_back({&server, "SFJ0936" + where(section, server) +
                                     section_summary(settings, *(*built)->rules.catalog, credentials_,
                                                     (*built)->allowed_hosts)});
    checked_.emplace(settings, std::move(*built));
    return;
  }
  for (const std::string& error : built.error()) add_error(error);
}

// The WSDLs of all sections that can apply to a request to this server.
std::set<const soap::Catalog*> SectionRegistry::catalogs_of(const server_rec& server) const {
  std::set<const soap::Catalog*> catalogs;
  for (const Registered& section : sections_of(server))
    if (const soap::Catalog* catalog = catalog_of(effective(section, server))) catalogs.insert(catalog);
  return catalogs;
}

// A misspelt name would deny nothing. The names in an enabled section must be in its own WSDLs; those in a
// section that only nested sections use, in one of theirs.
void SectionRegistry::check_denied_operations(const server_rec& main_server, ConfigErrors& errors) const {
  for (const Registered& section : registered_) {
    const OperationRules* rules = section.config->settings.deny_operations.own();
    if (!rules) continue;
    const Settings settings = effective(section, *section.server);
    if (is_enabled(settings)) {
      const soap::Catalog* catalog = catalog_of(settings);
      if (!catalog) continue;
      for (const auto& unknown :
           unknown_denied_operations(*rules, {catalog}, " is not in the WSDLs of this section"))
        add_once(errors, "SFJ0901" + where(section, *section.server) + unknown);
      continue;
    }
    std::set<const soap::Catalog*> catalogs;
    for (const server_rec* server = &main_server; server; server = server->next)
      if (inherits(*server, section)) catalogs.merge(catalogs_of(*server));
    if (catalogs.empty()) continue;
    for (const auto& unknown : unknown_denied_operations(*rules, catalogs, " is in no WSDL of this server"))
      add_once(errors, "SFJ0901: " + unknown);
  }
}

void SectionRegistry::read_files(const server_rec& server, ConfigErrors& errors) {
  for (const Registered& section : sections_of(server)) {
    if (may_be_enabled(section)) read_files(section.config->settings, errors);
    const Settings settings = effective(section, server);
    if (is_enabled(settings)) read_files(settings, errors);
  }
}

void SectionRegistry::read_files(const Settings& settings, ConfigErrors& errors) {
  if (!read_.insert(settings).second) return;
  if (settings.wsdls)
    read_catalog(**settings.wsdls, settings.validation.value_or(schema::Validation()), errors);
  credentials_.read(settings, expiry_reminder_, errors, warnings_);
}

void SectionRegistry::read_catalog(const Texts& files, const schema::Validation& validation,
                                   ConfigErrors& errors) {
  if (catalogs_.contains({files, validation})) return;
  auto catalog = wsdl::load_catalog({files.begin(), files.end()}, validation, gateway::kSalesforce.names);
  if (!catalog) {
    const soap::WsdlError& error = catalog.error();
    const std::string line = error.line ? ":" + std::to_string(error.line) : "";
    return add_once(errors, "SFJ0911: SFJwtWsdl " + error.file + line + ": " + error.message);
  }
  for (const std::string& warning : (*catalog)->warnings()) add_once(warnings_, "SFJwtWsdl " + warning);
  catalogs_.emplace(std::pair(files, validation), std::move(*catalog));
}

}  // namespace sfjwt::httpd
