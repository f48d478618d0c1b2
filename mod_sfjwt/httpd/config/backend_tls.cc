// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/backend_tls.h"

#include <algorithm>
#include <string_view>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/url_beginning.h"
#include "mod_sfjwt/httpd/config/config_tree.h"

namespace sfjwt::httpd {
namespace {

ProxyTls over(const ProxyTls& around, const ProxyTls& inner) {
  return {inner.engine ? inner.engine : around.engine, inner.verified ? inner.verified : around.verified,
          inner.peer_name ? inner.peer_name : around.peer_name,
          inner.peer_cn ? inner.peer_cn : around.peer_cn};
}

// Like ssl_io_filter_handshake(): only SSLProxyCheckPeerCN Off disables the comparison of names.
bool checks_name(const ProxyTls& tls) {
  return tls.peer_name.value_or(true) && (tls.peer_cn.value_or(true) || tls.peer_name.has_value());
}

bool gives_tokens_to_anybody(const ProxyTls& tls) {
  return tls.engine.value_or(false) && !(tls.verified.value_or(false) && checks_name(tls));
}

// The directives of one level, without nested sections; the last one counts.
ProxyTls level(const ap_directive_t* first) {
  ProxyTls tls;
  for (const ap_directive_t* node = first; node; node = node->next) {
    if (directive_is(node, "SSLProxyEngine")) tls.engine = !argument_is(node, "off");
    if (directive_is(node, "SSLProxyVerify"))
      tls.verified = argument_is(node, "require") || argument_is(node, "on");
    if (directive_is(node, "SSLProxyCheckPeerName")) tls.peer_name = argument_is(node, "on");
    if (directive_is(node, "SSLProxyCheckPeerCN")) tls.peer_cn = argument_is(node, "on");
  }
  return tls;
}

// An <If> or similar section in a <Proxy> can apply to any request, so the worst of the settings counts.
ProxyTls with_worst_of_conditions(const ap_directive_t* first, ProxyTls tls) {
  for (const ap_directive_t* node = first; node; node = node->next) {
    if (!node->first_child) continue;
    const ProxyTls inner = with_worst_of_conditions(node->first_child, level(node->first_child));
    if (inner.engine.value_or(false)) tls.engine = true;
    if (!inner.verified.value_or(true)) tls.verified = false;
    if (!inner.peer_name.value_or(true)) tls.peer_name = false;
    if (!inner.peer_cn.value_or(true)) tls.peer_cn = false;
  }
  return tls;
}

// A virtual host that is not in the configuration could have any settings.
ProxyTls level_of(const server_rec& server) {
  if (!server.is_virtual) return level(ap_conftree);
  const ap_directive_t* host = virtual_host_of(server);
  return host ? level(host->first_child) : ProxyTls{true, false, false, false};
}

ProxyTls tls_of(const server_rec& server) {
  return server.is_virtual ? over(level(ap_conftree), level_of(server)) : level_of(server);
}

// The settings around the <Proxy> sections of the main server, which virtual hosts share. mod_ssl completes
// such a section once, from one server after the other (ssl_proxy_section_post_config()): engine and
// verification come from the main server, the name check from the first server that sets it.
ProxyTls around_shared_sections(const server_rec& main_server) {
  ProxyTls tls = level_of(main_server);
  tls.engine = tls.engine.value_or(false);
  tls.verified = tls.verified.value_or(false);
  for (const server_rec* server = main_server.next; server; server = server->next)
    tls = over(level_of(*server), tls);
  return tls;
}

bool has_ssl_directive(const ap_directive_t* first) {
  for (const ap_directive_t* node = first; node; node = node->next)
    if (equals_ignoring_case(as_view(node->directive).substr(0, 3), "ssl") ||
        has_ssl_directive(node->first_child))
      return true;
  return false;
}

// The common prefix of the addresses that a <Proxy> section matches; proxy_walk() compares the whole text, a
// pattern, or a regular expression, for which it is unknown.
std::string beginning_of(const ap_directive_t* section) {
  if (!directive_is(section, "<Proxy")) return {};
  const auto words = words_of(section);
  std::string_view url = words.empty() ? std::string_view() : std::string_view(words[0]);
  constexpr std::string_view kPrefix = "proxy:";
  if (equals_ignoring_case(url.substr(0, kPrefix.size()), kPrefix)) url.remove_prefix(kPrefix.size());
  return std::string(literal_beginning(url));
}

std::string wrong(const ProxyTls& tls, const std::string& where) {
  std::string message = "the proxy uses TLS without verifying the server that receives the token" + where;
  if (tls.verified.value_or(false)) {
    message += tls.peer_name.value_or(true) ? ": SSLProxyCheckPeerCN Off alone ends the comparison of names"
                                            : ": SSLProxyCheckPeerName is off";
  } else {
    message += ": SSLProxyVerify is not 'require'";
  }
  return message +
         "; set 'SSLProxyVerify require' with SSLProxyCACertificateFile, and 'SSLProxyCheckPeerName On'";
}

std::string wrong(const ProxyTls& tls, const ap_directive_t* section, std::string_view beginning) {
  const std::string name = std::string(as_view(section->directive).substr(1));
  std::string message = wrong(tls, " in the <" + name + "> section at " + place_of(*section));
  if (!beginning.empty() && ends_within_host(beginning))
    message +=
        " (httpd compares the beginning of addresses: if this section is for another host, end its "
        "address with a slash)";
  return message;
}

void add_unverified_sections(const ap_directive_t* first, const ProxyTls& around,
                             const std::vector<std::string>& token_hosts, std::vector<std::string>& found) {
  for (const ap_directive_t* node = first; node; node = node->next) {
    if (!(directive_is(node, "<Proxy") || directive_is(node, "<ProxyMatch")) ||
        !has_ssl_directive(node->first_child))
      continue;
    const std::string beginning = beginning_of(node);
    if (!may_begin_token_url(beginning, token_hosts)) continue;
    const ProxyTls own = over(around, level(node->first_child));
    const ProxyTls tls = with_worst_of_conditions(node->first_child, own);
    if (gives_tokens_to_anybody(tls)) found.push_back(wrong(tls, node, beginning));
  }
}

}  // namespace

BackendVerification::BackendVerification(const server_rec& main_server)
    : around_shared_sections_(around_shared_sections(main_server)) {}

std::vector<std::string> BackendVerification::unverified_in(
    const server_rec& server, const std::vector<std::string>& token_hosts) const {
  const ap_directive_t* host = virtual_host_of(server);
  if (server.is_virtual && !host)
    return {
        "it is not in the configuration files, so it is not known whether its proxy verifies the server that "
        "receives the token; configure it there"};
  std::vector<std::string> found;
  const ProxyTls tls = tls_of(server);
  if (gives_tokens_to_anybody(tls)) found.push_back(wrong(tls, ""));
  add_unverified_sections(ap_conftree, around_shared_sections_, token_hosts, found);
  if (host) add_unverified_sections(host->first_child, tls, token_hosts, found);
  return found;
}

const ap_directive_t* client_names_backend(const server_rec& server, const ap_directive_t& enabled_at) {
  const ap_directive_t* said = in_force("ProxyPreserveHost", server, enabled_at);
  return said && argument_is(said, "on") && tls_of(server).engine.value_or(false) ? said : nullptr;
}

bool proxy_speaks_tls(const server_rec& server) {
  return tls_of(server).engine.value_or(false);
}

}  // namespace sfjwt::httpd
