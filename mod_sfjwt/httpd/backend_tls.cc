// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/backend_tls.h"

#include <algorithm>
#include <string_view>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/config_tree.h"

namespace sfjwt::httpd {
namespace {

// What holds where mod_proxy opens a connection; the defaults are mod_ssl's.
struct ProxyTls {
  bool engine = false;
  bool verified = false;
  bool name_checked = true;
  bool gives_tokens_to_anybody() const { return engine && !(verified && name_checked); }
};

// The settings of one level, over those of the level around it; the last one said wins, as in mod_ssl.
ProxyTls read_level(const ap_directive_t* first, ProxyTls tls) {
  for (const ap_directive_t* node = first; node; node = node->next) {
    if (is(node, "SSLProxyEngine")) tls.engine = says(node, "on");
    if (is(node, "SSLProxyVerify")) tls.verified = says(node, "require");
    if (is(node, "SSLProxyCheckPeerName")) tls.name_checked = says(node, "on");
  }
  return tls;
}

// The host of <Proxy "https://host[:port]/...">; empty for patterns, balancers and everything else.
std::string host_of_section(const ap_directive_t* section) {
  constexpr std::string_view kScheme = "https://";
  std::string_view url = trimmed(as_view(section->args));
  if (!url.empty() && url.back() == '>') url = trimmed(url.substr(0, url.size() - 1));
  if (url.size() >= 2 && url.front() == '"' && url.back() == '"') url = url.substr(1, url.size() - 2);
  if (!is(section, "<Proxy") || !url.starts_with(kScheme) || url.find_first_of("*?[") != url.npos) return {};
  url.remove_prefix(kScheme.size());
  return std::string(url.substr(0, url.find_first_of(":/")));
}

std::string advice(const ap_directive_t* section) {
  std::string message = "the proxy speaks TLS without verifying whom it gives a token to";
  if (section) {
    message += " in the <Proxy> section at " + place_of(*section);
  }
  return message +
         "; set 'SSLProxyVerify require' with SSLProxyCACertificateFile, and leave SSLProxyCheckPeerName on";
}

std::optional<std::string> unverified_section(const ap_directive_t* first, const ProxyTls& around,
                                              const std::vector<std::string>& token_hosts) {
  for (const ap_directive_t* node = first; node; node = node->next) {
    if (!is(node, "<Proxy") && !is(node, "<ProxyMatch")) continue;
    const std::string host = host_of_section(node);
    const bool takes_tokens = host.empty() || std::any_of(token_hosts.begin(), token_hosts.end(),
                                                          [&host](const std::string& pattern) {
                                                            return host_matches(host, pattern);
                                                          });
    if (takes_tokens && read_level(node->first_child, around).gives_tokens_to_anybody()) return advice(node);
  }
  return {};
}

}  // namespace

std::optional<std::string> unverified_backend(const server_rec& server, const ap_directive_t& enabled_at,
                                              const TokenTargets& targets) {
  ProxyTls tls = read_level(ap_conftree, {});
  const ap_directive_t* host = virtual_host_of(server);
  if (host) tls = read_level(host->first_child, tls);
  if (tls.gives_tokens_to_anybody()) return advice(nullptr);
  if (targets.follow && !tls.engine)
    return "SFJwtInstance follow goes to https addresses; set 'SSLProxyEngine On' in the server, with "
           "'SSLProxyVerify require' and SSLProxyCACertificateFile";
  const ap_directive_t* kept_host = in_force("ProxyPreserveHost", server, enabled_at);
  if (tls.engine && kept_host && says(kept_host, "on"))
    return "ProxyPreserveHost at " + place_of(*kept_host) +
           " has the certificate of Salesforce compared with the name the client wrote; switch it off";
  if (auto unverified = unverified_section(ap_conftree, tls, targets.hosts)) return unverified;
  return host ? unverified_section(host->first_child, tls, targets.hosts) : std::nullopt;
}

}  // namespace sfjwt::httpd
