// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/target.h"

#include <algorithm>
#include <optional>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/url.h"
#include "mod_sfjwt/oauth/instance_url.h"

namespace sfjwt::gateway {
namespace {

constexpr unsigned kHttps = 443;
constexpr unsigned kMutualTls = 8443;  // where the backend listens for client certificates

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// All that an address of a SOAP API of the backend is made of. A percent sign is not among it: what the next
// hop makes of an encoded dot or slash cannot be known here.
bool is_path_character(char c) {
  return is_alphanumeric(c) || std::string_view("/-._~").find(c) != std::string_view::npos;
}

bool climbs(std::string_view path) {
  for (;;) {
    const auto slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (segment == "." || segment == "..") return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

// Whether mod_proxy would send this with TLS; h2 and h2c are the schemes of mod_proxy_http2.
bool uses_tls(const Url& url) {
  return url.has_scheme("https") || url.has_scheme("h2");
}

bool uses_http2(const Url& url) {
  return url.has_scheme("h2") || url.has_scheme("h2c");
}

// Takes a URL apart without repairing anything: a byte that one reader might take for a separator and another
// not is an error here. The error reads like a sentence.
Result<Url, const char*> proxied_url(std::string_view text) {
  if (!is_printable_word(text)) return Unexpected{"it holds white space, control or non-ASCII characters"};
  const auto url = parse_url(text);
  if (!url || !(uses_tls(*url) || uses_http2(*url) || url->has_scheme("http")))
    return Unexpected{"it is neither an https nor an http URL"};
  const auto backslash = [](std::string_view part) { return part.find('\\') != std::string_view::npos; };
  if (backslash(url->authority) || backslash(url->path)) return Unexpected{"it holds a backslash"};
  if (url->fragment) return Unexpected{"it has a fragment"};
  if (url->user_information) return Unexpected{"it carries a user name or password"};
  if (url->host.empty()) return Unexpected{"it names no host"};
  if (url->port && !port_number(*url->port)) return Unexpected{"its port is not a number from 1 to 65535"};
  return *url;
}

const char* path_defect(std::string_view path) {
  if (!std::all_of(path.begin(), path.end(), is_path_character)) {
    return "its path holds other characters than letters, digits and - . _ ~ /";
  }
  if (climbs(path)) return "its path holds a . or .. segment";
  return nullptr;
}

Unexpected<std::string> refused(const std::string& why) {
  return Unexpected{"the token may not be sent to this address: " + why};
}

}  // namespace

Result<Receiver, std::string> may_receive_token(std::string_view url,
                                                const std::vector<std::string>& allowed_hosts,
                                                const BackendFamily& backend) {
  const auto target = proxied_url(url);
  if (!target) return refused(target.error());
  const std::string host = printable(target->host, 100);
  if (std::none_of(allowed_hosts.begin(), allowed_hosts.end(),
                   [&](const std::string& pattern) { return host_matches(target->host, pattern); })) {
    return refused("SFJwtAllowInstance does not allow the host " + host);
  }
  if (!is_loopback(target->host)) {
    if (!uses_tls(*target)) return refused("http is allowed to this machine only, " + host + " needs https");
    const unsigned port = target->port ? *port_number(*target->port) : kHttps;
    if (port != kHttps && port != kMutualTls)
      return refused("the port of " + host + " is neither 443 nor 8443");
  }
  if (!target->path.starts_with(backend.soap_path))
    return refused("its path does not begin with " + std::string(backend.soap_path));
  if (const char* why = path_defect(target->path)) return refused(why);
  return Receiver{uses_tls(*target), without_brackets(target->host)};
}

std::optional<std::string> refused_beginning(std::string_view url,
                                             const std::vector<std::string>& allowed_hosts,
                                             const BackendFamily& backend) {
  const auto target = proxied_url(url);
  if (!target) return refused(target.error()).error;
  std::string longer(url.substr(0, url.find('?')));
  // A path that ends on the way to the SOAP APIs may be completed by the request.
  if (backend.soap_path.starts_with(target->path)) longer += backend.soap_path.substr(target->path.size());
  auto judged = may_receive_token(longer, allowed_hosts, backend);
  if (judged) return std::nullopt;
  return std::move(judged.error());
}

Result<std::string, std::string> at_instance(std::string_view url, std::string_view instance_url,
                                             const std::vector<std::string>& allowed_hosts,
                                             const BackendFamily& backend) {
  const auto origin = oauth::instance_origin(instance_url, allowed_hosts);
  if (!origin) return refused("the instance_url of the token " + origin.error());
  const auto target = proxied_url(url);
  if (!target) return refused(target.error());
  std::string followed = uses_http2(*target) ? "h2" : "https";
  followed += origin->substr(origin->find(':'));
  followed += url.substr(static_cast<std::size_t>(target->path.data() - url.data()));
  auto judged = may_receive_token(followed, allowed_hosts, backend);
  if (!judged) return Unexpected{std::move(judged.error())};
  return followed;
}

}  // namespace sfjwt::gateway
