// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/audience.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/url.h"

namespace sfjwt::oauth {
namespace {

bool is_of(const KnownHost& known, std::string_view host) {
  const bool named = known.host.starts_with('.') ? host.ends_with(known.host) : host == known.host;
  return named && host.find(known.contains) != std::string_view::npos;
}

std::string what_fits(const std::string& host, const Provider& provider) {
  const auto known = std::find_if(provider.hosts.begin(), provider.hosts.end(),
                                  [&host](const KnownHost& candidate) { return is_of(candidate, host); });
  if (known == provider.hosts.end()) return {};
  return std::string(known->fitting) + (known->own_url ? "https://" + host : std::string());
}

}  // namespace

std::string default_token_endpoint(std::string_view audience, const Provider& provider) {
  while (audience.ends_with('/')) audience.remove_suffix(1);
  return std::string(audience).append(provider.token_path);
}

std::optional<std::string> missing_endpoint_path(std::string_view url, const Provider& provider) {
  const auto parts = parse_url(url);
  if (!parts || parts->path.find_first_not_of('/') != std::string_view::npos) return std::nullopt;
  return "must have a path: write " + default_token_endpoint(parts->origin(), provider);
}

std::string audience_hint(const Client& client) {
  const auto endpoint = parse_url(client.token_endpoint);
  const std::string host = endpoint ? ascii_lower(endpoint->host) : std::string();
  const std::string configured = "SFJwtAudience is " + printable(client.audience);
  const std::string fitting = what_fits(host, *client.provider);
  if (fitting.empty()) {
    return configured + ", and the token endpoint is at " + printable(host) + ": " +
           std::string(client.provider->audiences) + ".";
  }
  return configured + ", and the token endpoint (" + printable(host) + ") is that of " + fitting + ".";
}

}  // namespace sfjwt::oauth
