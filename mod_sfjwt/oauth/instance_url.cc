// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/instance_url.h"

#include <algorithm>
#include <charconv>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"

namespace sfjwt::oauth {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr unsigned kHttpsPort = 443;

bool is_port(std::string_view text, unsigned& port) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  return problem == std::errc{} && end == text.data() + text.size() && text.size() <= 5 && port >= 1 &&
         port <= 65535;
}

}  // namespace

Result<std::string, std::string> instance_origin(std::string_view url,
                                                 const std::vector<std::string>& allowed_hosts) {
  const auto refused = [](std::string_view why) { return Unexpected{std::string(why)}; };
  if (url.size() > 1024) return refused("is longer than 1024 bytes");
  if (!equals_ignoring_case(url.substr(0, kScheme.size()), kScheme)) return refused("is not an https URL");
  std::string_view authority = url.substr(kScheme.size());
  if (authority.ends_with('/')) authority.remove_suffix(1);
  if (authority.find('@') != std::string_view::npos) return refused("holds user information");
  if (authority.find_first_of("/?#\\") != std::string_view::npos)
    return refused("goes on after the host name");

  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string host = ascii_lower(authority.substr(0, colon));
  unsigned port = kHttpsPort;
  if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1), port)) {
    return refused("has a malformed port");
  }
  const bool allowed = std::any_of(allowed_hosts.begin(), allowed_hosts.end(),
                                   [&host](std::string_view pattern) { return host_matches(host, pattern); });
  if (!allowed) {
    return refused("names the host " + printable(host, 100) +
                   ", which SFJwtAllowInstance does not allow (add it there if it is a host of your org)");
  }
  std::string origin = std::string(kScheme) + host;
  if (port == kHttpsPort) return origin;
  // No pattern for many hosts matches a loopback host, so this one was listed by its own name.
  if (!is_loopback(host)) return refused("has a port other than 443");
  return origin + ":" + std::to_string(port);
}

}  // namespace sfjwt::oauth
