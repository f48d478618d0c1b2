// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/audience.h"

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/url.h"

namespace sfjwt::oauth {
namespace {

constexpr std::string_view kProduction = "https://login.salesforce.com";
constexpr std::string_view kSandbox = "https://test.salesforce.com";

bool is_site(std::string_view host) {
  return host.ends_with(".my.site.com") || host.ends_with(".force.com");
}

// What kind of org answers at a host is in its name: a sandbox has two hyphens before the name of the
// sandbox.
bool is_sandbox(std::string_view host) {
  return host == "test.salesforce.com" || host.ends_with(".sandbox.my.salesforce.com") ||
         (host.ends_with(".my.salesforce.com") && host.find("--") != std::string_view::npos);
}

bool is_production(std::string_view host) {
  return host == "login.salesforce.com" || (host.ends_with(".my.salesforce.com") && !is_sandbox(host));
}

std::string what_fits(const std::string& host) {
  if (is_sandbox(host)) {
    return "a sandbox, which takes " + std::string(kSandbox) + " (SFJwtAudience sandbox)";
  }
  if (is_production(host)) {
    return "a production org, which takes " + std::string(kProduction) + " (SFJwtAudience production)";
  }
  if (is_site(host)) return "an Experience Cloud site, which takes its own URL, https://" + host;
  return {};
}

}  // namespace

std::string default_token_endpoint(std::string_view audience) {
  while (audience.ends_with('/')) audience.remove_suffix(1);
  return std::string(audience) + "/services/oauth2/token";
}

std::optional<std::string> missing_endpoint_path(std::string_view url) {
  const auto parts = parse_url(url);
  if (!parts || parts->path.find_first_not_of('/') != std::string_view::npos) return std::nullopt;
  return "must have a path: write " + default_token_endpoint(parts->origin());
}

std::string audience_hint(const Client& client) {
  const auto endpoint = parse_url(client.token_endpoint);
  const std::string host = endpoint ? ascii_lower(endpoint->host) : std::string();
  const std::string configured = "SFJwtAudience is " + printable(client.audience);
  const std::string fitting = what_fits(host);
  if (fitting.empty()) {
    return configured + ", and the token endpoint is at " + printable(host) +
           ": production takes https://login.salesforce.com, a sandbox https://test.salesforce.com, an "
           "Experience Cloud site its own URL.";
  }
  return configured + ", and the token endpoint (" + printable(host) + ") is that of " + fitting + ".";
}

}  // namespace sfjwt::oauth
