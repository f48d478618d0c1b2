// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/instance_url.h"

#include <algorithm>
#include <optional>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/url.h"

namespace sfjwt::oauth {
namespace {

constexpr unsigned kHttpsPort = 443;

}  // namespace

Result<std::string, std::string> instance_origin(std::string_view url,
                                                 const std::vector<std::string>& allowed_hosts) {
  const auto refused = [](std::string_view why) { return Unexpected{std::string(why)}; };
  if (url.size() > 1024) return refused("is longer than 1024 bytes");
  const auto parts = parse_url(url);
  if (!parts || !parts->has_scheme("https")) return refused("is not an https URL");
  if (parts->user_information) return refused("holds user information");
  const bool ends = (parts->path.empty() || parts->path == "/") && !parts->query && !parts->fragment;
  if (!ends || url.find('\\') != std::string_view::npos) return refused("goes on after the host name");
  const auto port = parts->port ? port_number(*parts->port) : std::optional(kHttpsPort);
  if (!port) return refused("has a malformed port");
  const std::string host = ascii_lower(parts->host);
  const bool allowed = std::any_of(allowed_hosts.begin(), allowed_hosts.end(),
                                   [&host](std::string_view pattern) { return host_matches(host, pattern); });
  if (!allowed) {
    return refused("names the host " + printable(host, 100) +
                   ", which SFJwtAllowInstance does not allow (add it there if it is a host of your org)");
  }
  std::string origin = "https://" + host;
  if (*port == kHttpsPort) return origin;
  // No wildcard pattern matches a loopback host, so the host was listed by name.
  if (!is_loopback(host)) return refused("has a port other than 443");
  return origin + ":" + std::to_string(*port);
}

}  // namespace sfjwt::oauth
