// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/target.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/oauth/instance_url.h"

namespace sfjwt::gateway {
namespace {

constexpr std::string_view kSoapPath = "/services/Soap/";
constexpr unsigned kHttps = 443;
constexpr unsigned kMutualTls = 8443;  // where Salesforce listens for client certificates

struct Target {
  bool tls = false;
  bool http2 = false;            // mod_proxy_http2 has schemes of its own for the same protocol
  std::string_view host;         // an IPv6 address with its brackets
  std::optional<unsigned> port;  // as written
  std::string_view path;         // with its leading slash, without the query
};

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// All that an address of a Salesforce SOAP API is made of. A percent sign is not among it: what the next hop
// makes of an encoded dot or slash cannot be known here.
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

std::optional<unsigned> port_number(std::string_view digits) {
  unsigned port = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool whole = problem == std::errc{} && end == digits.data() + digits.size();
  if (!whole || digits.size() > 5 || port == 0 || port > 65535) return std::nullopt;
  return port;
}

// The two ways to write a host and a port (RFC 3986 section 3.2); null if all is well.
const char* read_authority(std::string_view authority, Target& target) {
  if (authority.find('@') != std::string_view::npos) return "it carries a user name or password";
  const auto host_end =
      authority.starts_with('[') ? authority.find(']') + 1 : std::min(authority.find(':'), authority.size());
  target.host = authority.substr(0, host_end);
  if (target.host.empty()) return "it names no host";
  const std::string_view rest = authority.substr(host_end);
  if (rest.empty()) return nullptr;
  target.port = rest.starts_with(':') ? port_number(rest.substr(1)) : std::nullopt;
  return target.port ? nullptr : "its port is not a number from 1 to 65535";
}

bool read_scheme(std::string_view scheme, Target& target) {
  target.http2 = equals_ignoring_case(scheme, "h2") || equals_ignoring_case(scheme, "h2c");
  target.tls = equals_ignoring_case(scheme, "h2") || equals_ignoring_case(scheme, "https");
  return target.tls || target.http2 || equals_ignoring_case(scheme, "http");
}

// Takes a URL apart without mending anything: a byte that one reader might take for a separator and another
// not is an error here.
const char* read_url(std::string_view url, Target& target) {
  if (!std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; })) {
    return "it holds white space, control or non-ASCII characters";
  }
  const auto colon = url.find("://");
  if (colon == std::string_view::npos || !read_scheme(url.substr(0, colon), target)) {
    return "it is neither an https nor an http URL";
  }
  url = url.substr(colon + 3, url.find('?') - colon - 3);
  if (url.find('\\') != std::string_view::npos) return "it holds a backslash";
  if (url.find('#') != std::string_view::npos) return "it has a fragment";
  const auto slash = std::min(url.find('/'), url.size());
  target.path = url.substr(slash);
  return read_authority(url.substr(0, slash), target);
}

const char* path_defect(std::string_view path) {
  if (!path.starts_with(kSoapPath)) return "its path does not begin with /services/Soap/";
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
                                                const std::vector<std::string>& allowed_hosts) {
  Target target;
  if (const char* why = read_url(url, target)) return refused(why);
  const std::string host = printable(target.host, 100);
  if (std::none_of(allowed_hosts.begin(), allowed_hosts.end(),
                   [&](const std::string& pattern) { return host_matches(target.host, pattern); })) {
    return refused("SFJwtAllowInstance does not allow the host " + host);
  }
  if (!is_loopback(target.host)) {
    if (!target.tls) return refused("http is allowed to this machine only, " + host + " needs https");
    const unsigned port = target.port.value_or(kHttps);
    if (port != kHttps && port != kMutualTls)
      return refused("the port of " + host + " is neither 443 nor 8443");
  }
  if (const char* why = path_defect(target.path)) return refused(why);
  return Receiver{target.tls, without_brackets(target.host)};
}

std::optional<std::string> refused_beginning(std::string_view url,
                                             const std::vector<std::string>& allowed_hosts) {
  Target target;
  if (const char* why = read_url(url, target)) return refused(why).error;
  std::string longer(url.substr(0, url.find('?')));
  // A path that ends on the way to /services/Soap/ may be completed by the request.
  if (kSoapPath.starts_with(target.path)) longer += kSoapPath.substr(target.path.size());
  auto judged = may_receive_token(longer, allowed_hosts);
  if (judged) return std::nullopt;
  return std::move(judged.error());
}

Result<std::string, std::string> at_instance(std::string_view url, std::string_view instance_url,
                                             const std::vector<std::string>& allowed_hosts) {
  const auto origin = oauth::instance_origin(instance_url, allowed_hosts);
  if (!origin) return refused("the instance_url of the token " + origin.error());
  Target target;
  if (const char* why = read_url(url, target)) return refused(why);
  std::string followed = target.http2 ? "h2" : "https";
  followed += origin->substr(origin->find(':'));
  followed += url.substr(static_cast<std::size_t>(target.path.data() - url.data()));
  auto judged = may_receive_token(followed, allowed_hosts);
  if (!judged) return Unexpected{std::move(judged.error())};
  return followed;
}

}  // namespace sfjwt::gateway
