// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/grant_error.h"

#include <algorithm>
#include <array>
#include <string>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::oauth {
namespace {

using Class = TokenError::Class;

constexpr std::chrono::seconds kToleratedSkew{60};

// One way a server says no. The first line that fits rules: `error` empty fits every error, `words` empty
// every description; both compare without regard to case, `words` anywhere in the description.
struct Known {
  std::string_view error;
  std::string_view words;
  Class error_class;
  bool clock_matters;
  std::string_view remedy;
};

constexpr std::string_view kApprove =
    "The user has not approved this app: pre-authorize it for the user's profile or permission set (app "
    "policy "
    "'Admin approved users are pre-authorized'), or let the user approve it once at ";
constexpr std::string_view kAudience =
    "SFJwtAudience does not fit this org: production takes https://login.salesforce.com, a sandbox "
    "https://test.salesforce.com, an Experience Cloud site its own URL; the token endpoint must be of the "
    "same kind.";
constexpr std::string_view kAssertion =
    "The server does not accept the assertion: the certificate uploaded to the app must belong to "
    "SFJwtPrivateKey, "
    "and the user name must exist in this org (sandbox user names end with the sandbox's name).";
constexpr std::string_view kClientId =
    "The server does not know SFJwtClientId: it must be the consumer key of an app in the org the token "
    "endpoint "
    "belongs to (a new app takes some minutes to be known).";
constexpr std::string_view kRate = "The server limits the rate of logins: it is tried again after a pause.";

constexpr std::array<Known, 24> kKnown{{
    {"", "hasn't approved", Class::subject, false, kApprove},
    {"", "not approved", Class::subject, false, kApprove},
    {"", "not admin approved", Class::subject, false,
     "The user may not use this app: assign the permission set or profile that the app's policy asks for."},
    {"", "app is not installed", Class::configuration, false,
     "The app is not installed in this org: install it there, or use the consumer key of an app that is."},
    {"", "audience", Class::configuration, false, kAudience},
    {"", "rate exceeded", Class::transient, false, kRate},
    {"rate_limit_exceeded", "", Class::transient, false, kRate},
    {"", "expired authorization code", Class::configuration, true,
     "The server takes the assertion for expired: compare this machine's clock with the time (NTP), and "
     "SFJwtAssertionLifetime with what the server allows."},
    {"", "invalid assertion", Class::configuration, true, kAssertion},
    {"", "user is locked", Class::subject, false, "The user is locked in Salesforce: unlock it there."},
    {"inactive_user", "", Class::subject, false, "The user is inactive in Salesforce: activate it there."},
    {"", "inactive user", Class::subject, false, "The user is inactive in Salesforce: activate it there."},
    {"inactive_org", "", Class::configuration, false,
     "The org is locked, closed or suspended: ask Salesforce."},
    {"", "ip restricted", Class::subject, false,
     "The user may not log in from this address or at this hour: look at the IP ranges and login hours of "
     "the "
     "profile, and at the app's policy on IP restrictions."},
    {"invalid_app_access", "", Class::subject, false,
     "The user may not use this app: assign the permission set or profile that the app's policy asks for."},
    {"invalid_client_id", "", Class::configuration, false, kClientId},
    {"", "client identifier invalid", Class::configuration, false, kClientId},
    {"invalid_client", "", Class::configuration, false,
     "The server does not accept this client: compare SFJwtClientId with the app's consumer key, and the "
     "uploaded "
     "certificate with SFJwtPrivateKey."},
    {"unauthorized_client", "", Class::configuration, false,
     "The app may not use this flow: enable the JWT bearer flow (digital signatures) in the app."},
    {"unsupported_grant_type", "", Class::configuration, false,
     "The server does not know the JWT bearer flow at this address: look at SFJwtTokenEndpoint."},
    {"invalid_scope", "", Class::configuration, false,
     "The app's scopes do not fit: it needs api (and refresh_token, offline_access) among its scopes."},
    {"invalid_request", "", Class::configuration, false,
     "The server does not understand the request: look at SFJwtClaim and SFJwtTokenParam."},
    {"invalid_grant", "", Class::subject, true,
     "The server grants no token for this user: look at the user's login history in Salesforce, which names "
     "the "
     "reason."},
    {"", "", Class::configuration, false,
     "Look at the login history in Salesforce, which may name the reason."},
}};

const Known& known(const GrantRefusal& refusal) {
  const std::string description = ascii_lower(refusal.description);
  return *std::find_if(kKnown.begin(), kKnown.end() - 1, [&](const Known& line) {
    return (line.error.empty() || equals_ignoring_case(line.error, refusal.error)) &&
           description.find(line.words) != std::string::npos;
  });
}

// An assertion or token that the server echoes must not reach a log.
std::string without_long_runs(std::string_view text) {
  constexpr std::size_t kLongestWord = 40;
  std::string shown;
  while (!text.empty()) {
    const auto run = std::min(text.find_first_of(" \t\r\n,;:'\"()<>[]{}"), text.size());
    shown += run > kLongestWord ? std::string_view("[...]") : text.substr(0, run);
    const std::size_t behind = std::min(run + 1, text.size());
    shown += text.substr(run, behind - run);
    text.remove_prefix(behind);
  }
  return shown;
}

std::string query_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
        c == '_') {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kHex[byte >> 4];
      encoded += kHex[byte & 15];
    }
  }
  return encoded;
}

// Salesforce has the authorization endpoint beside the token endpoint.
std::string approval_url(const Client& client) {
  const std::string_view endpoint =
      std::string_view(client.token_endpoint).substr(0, client.token_endpoint.find('?'));
  constexpr std::string_view kToken = "/token";
  if (!endpoint.ends_with(kToken)) return "the authorization endpoint.";
  return printable(endpoint.substr(0, endpoint.size() - kToken.size())) +
         "/authorize?response_type=code&client_id=" + query_encoded(client.client_id) +
         "&redirect_uri=<callback URL of the app>";
}

std::string skew_sentence(std::chrono::seconds ahead) {
  const auto off = ahead.count();
  return " This machine's clock is " + std::to_string(off < 0 ? -off : off) + " s " +
         (off < 0 ? "behind" : "ahead of") + " the server's.";
}

}  // namespace

TokenError grant_error(const GrantRefusal& refusal, const Client& client) {
  const Known& line = known(refusal);
  TokenError error;
  error.code = printable(without_long_runs(refusal.error), 64);
  // A server in trouble may put it in the words of OAuth; it is trouble all the same.
  const bool trouble = refusal.status == 429 || refusal.status >= 500 ||
                       equals_ignoring_case(refusal.error, "server_error") ||
                       equals_ignoring_case(refusal.error, "temporarily_unavailable");
  error.error_class = trouble ? Class::transient : line.error_class;
  error.message = "The token endpoint answered " + error.code;
  if (!refusal.description.empty()) {
    error.message += " (" + printable(without_long_runs(refusal.description), 200) + ")";
  }
  error.message += ". ";
  if (trouble && line.error_class != Class::transient) {
    error.message +=
        "The server is in trouble (status " + std::to_string(refusal.status) + "): it is tried again.";
    return error;
  }
  error.message += line.remedy;
  if (line.remedy == kApprove) error.message += approval_url(client);
  if (line.clock_matters && std::chrono::abs(refusal.clock_ahead) > kToleratedSkew) {
    error.message += skew_sentence(refusal.clock_ahead);
  }
  return error;
}

}  // namespace sfjwt::oauth
