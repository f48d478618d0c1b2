// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/audience.h"

#include "mod_sfjwt/core/text.h"

namespace sfjwt::oauth {
namespace {

constexpr std::string_view kProduction = "https://login.salesforce.com";
constexpr std::string_view kSandbox = "https://test.salesforce.com";

// Host without port, in lower case.
std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return ascii_lower(url.substr(0, url.find_first_of(":/?#")));
}

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
  const auto host = url.find("://");
  const auto end = url.find_first_of("/?#", host == std::string_view::npos ? 0 : host + 3);
  const std::string_view server = url.substr(0, end);
  const std::string_view rest = url.substr(server.size());
  const std::string_view path = rest.substr(0, rest.find_first_of("?#"));
  if (path.find_first_not_of('/') != std::string_view::npos) return std::nullopt;
  return "must have a path: write " + default_token_endpoint(server);
}

std::string audience_hint(const Client& client) {
  const std::string host = host_of(client.token_endpoint);
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
