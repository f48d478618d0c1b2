// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/mapping_checks.h"

#include <algorithm>
#include <array>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/gateway/target.h"
#include "mod_sfjwt/httpd/config/backend_tls.h"
#include "mod_sfjwt/httpd/config/config_tree.h"
#include "mod_sfjwt/httpd/proxy_scheme.h"

namespace sfjwt::httpd {
namespace {

// Modules that provide TLS for mod_proxy; only the settings of mod_ssl are known here.
constexpr std::array<const char*, 3> kOtherTlsModules = {"mod_tls.c", "mod_gnutls.c", "mod_nss.c"};

bool other_tls_module() {
  return std::any_of(kOtherTlsModules.begin(), kOtherTlsModules.end(),
                     [](const char* file) { return ap_find_linked_module(file) != nullptr; });
}

bool needs_tls(const ProxyMapping& mapping) {
  const ProxyScheme* scheme = proxy_scheme(scheme_of(mapping.target));
  return scheme && scheme->tls;
}

std::string described(const ProxyMapping& mapping) {
  return std::string(as_view(mapping.directive->directive)) + " at " + place_of(*mapping.directive);
}

std::string how_to_load(std::string_view name) {
  return "load mod_" + std::string(name) + " (on Debian 'a2enmod " + std::string(name) +
         "', elsewhere 'LoadModule " + std::string(name) + "_module modules/mod_" + std::string(name) +
         ".so')";
}

// Whether a token could be sent there: a balancer has its hosts elsewhere, and a Unix socket has none.
bool is_address_of_host(const ProxyMapping& mapping) {
  const std::string scheme = scheme_of(mapping.target);
  return mapping.literal && !scheme.empty() && scheme != "balancer" && scheme != "unix";
}

std::string unequal_slashes(const ProxyMapping& mapping) {
  const std::string_view path = *mapping.paths.beginning;
  const std::string shown = "'" + printable(path, 100) + "'";
  if (path.ends_with('/') == mapping.target.ends_with('/')) return {};
  const std::string cause = path.ends_with('/')
                                ? "the path " + shown +
                                      " ends with a slash and the address does not: what "
                                      "follows the path is appended without a slash"
                                : "the address ends with a slash and the path " + shown +
                                      " does not: requests are sent to addresses with two slashes in a row";
  return "SFJ0924: " + described(mapping) + ": " + cause + "; let both end with a slash, or neither";
}

bool has_directive(const PathScope& paths, const server_rec& server, std::string_view name,
                   std::string_view value = {}) {
  const auto directives = directives_for(paths, server);
  return std::any_of(directives.begin(), directives.end(), [&](const ScopedDirective& found) {
    return directive_is(found.directive, name) && (value.empty() || argument_is(found.directive, value));
  });
}

}  // namespace

ConfigErrors unproxied(const RegisteredSection& section, const server_rec& server,
                       const std::vector<ProxyMapping>& near) {
  const bool forwarded = std::any_of(near.begin(), near.end(),
                                     [](const ProxyMapping& mapping) { return mapping.target != "!"; });
  if (forwarded || proxied_otherwise()) return {};
  return {"SFJ0922: SFJwt On at " + place_of(enabled_at(section, server)) +
          " has no effect: nothing forwards these requests to Salesforce; add a ProxyPass for the same path, "
          "such as 'ProxyPass https://example.my.salesforce.com/services/Soap/' in <Location "
          "\"/services/Soap/\">"};
}

ConfigErrors useless_targets(const RegisteredSection& section, const server_rec& server,
                             const std::vector<ProxyMapping>& mappings, const Texts& hosts) {
  const PathScope paths = paths_of(section);
  ConfigErrors found;
  for (const ProxyMapping& mapping : mappings) {
    if (mapping.target == "!" || !mapping.literal) continue;
    const std::string slashes = unequal_slashes(mapping);
    if (!slashes.empty() && scheme_of(mapping.target) != "unix" &&
        mapping.target.find('?') == std::string::npos)
      found.push_back(slashes);
    if (!is_address_of_host(mapping)) continue;
    // If the slashes do not match, the resulting address has been reported already.
    const std::string address = slashes.empty() ? address_of(mapping, paths) : mapping.target;
    if (const auto why = gateway::refused_beginning(address, hosts, gateway::kSalesforce))
      found.push_back("SFJ0923: " + described(mapping) + ": " + *why + ". SFJwt On at " +
                      place_of(enabled_at(section, server)) +
                      " refuses every such request (SFJ0501); correct the address, or SFJwtAllowInstance if "
                      "the address is right");
  }
  return found;
}

ConfigErrors unserved_schemes(const std::vector<ProxyMapping>& mappings) {
  ConfigErrors found;
  for (const ProxyMapping& mapping : mappings) {
    const std::string scheme = scheme_of(mapping.target);
    const std::string problem =
        "SFJ0929: " + described(mapping) + ": mod_proxy cannot forward to " + scheme + " addresses; ";
    const ProxyScheme* known = proxy_scheme(scheme);
    if (known && !ap_find_linked_module(known->file)) found.push_back(problem + how_to_load(known->module));
    if (needs_tls(mapping) && !ap_find_linked_module("mod_ssl.c") && !other_tls_module())
      found.push_back(problem + how_to_load("ssl") +
                      ", and set 'SSLProxyEngine On' with 'SSLProxyVerify require' and "
                      "SSLProxyCACertificateFile");
  }
  return found;
}

ConfigErrors missing_tls(const PathScope& paths, const server_rec& server,
                         const std::vector<ProxyMapping>& mappings) {
  if (!ap_find_linked_module("mod_ssl.c") || other_tls_module() || proxy_speaks_tls(server) ||
      has_directive(paths, server, "SSLProxyEngine", "on"))
    return {};
  ConfigErrors found;
  for (const ProxyMapping& mapping : mappings)
    if (needs_tls(mapping))
      found.push_back("SFJ0929: " + described(mapping) + ": mod_proxy cannot forward to " +
                      scheme_of(mapping.target) +
                      " addresses, since SSLProxyEngine is off; set 'SSLProxyEngine On' in the server, with "
                      "'SSLProxyVerify require' and SSLProxyCACertificateFile");
  return found;
}

ConfigErrors missing_authorities(const PathScope& paths, const server_rec& server,
                                 const std::vector<ProxyMapping>& mappings, bool follows) {
  if (!follows && std::none_of(mappings.begin(), mappings.end(), needs_tls)) return {};
  const ap_directive_t* verify = in_force("SSLProxyVerify", server);
  if (!proxy_speaks_tls(server) || !verify || !argument_is(verify, "require")) return {};
  for (const char* authorities : {"SSLProxyCACertificateFile", "SSLProxyCACertificatePath"})
    if (has_directive(paths, server, authorities)) return {};
  return {"SFJ0930: SSLProxyVerify at " + place_of(*verify) +
          " has no certificates to verify the backend with, so that every TLS handshake fails; name those of "
          "the system: 'SSLProxyCACertificateFile /etc/ssl/certs/ca-certificates.crt' on Debian, "
          "/etc/pki/tls/certs/ca-bundle.crt on RHEL"};
}

}  // namespace sfjwt::httpd
