// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/grant_error.h"

#include <algorithm>
#include <array>
#include <string>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/oauth/audience.h"
#include "mod_sfjwt/oauth/wording.h"

namespace sfjwt::oauth {
namespace {

using Class = TokenError::Class;

constexpr std::chrono::seconds kToleratedSkew{60};

// One way a server says no. The first line that fits rules: `error` empty fits every error, `words` empty
// every description; both compare without regard to case, `words` anywhere in the description.
struct Known {
  std::string_view error;
  std::string_view words;
  FetchFailure cause;
  std::string_view remedy;  // what is configured, or measured, is added behind it
};

// Where an administrator of Salesforce finds the switch: first for an external client app, then for a
// connected app.
constexpr std::string_view kApprove =
    "The user has not approved this app. Pre-authorize it: in Setup > External Client App Manager (for a "
    "connected app: Manage Connected Apps) set Permitted Users of the app's policies to 'Admin approved "
    "users are pre-authorized' and select the user's profile or permission set. Or let the user approve the "
    "app once at ";
constexpr std::string_view kAppAccess =
    "The user may not use this app. Select the user's profile or a permission set of the user in the app's "
    "policies: Setup > External Client App Manager (for a connected app: Manage Connected Apps).";
constexpr std::string_view kNotInstalled =
    "The app is not installed in this org. Either install it there (a connected app: Setup > Connected Apps "
    "OAuth Usage; an external client app: its package), or set SFJwtClientId to the consumer key of an app "
    "of this org.";
constexpr std::string_view kLocked =
    "The user is locked out of Salesforce. Unlock the user: Setup > Users, open the user, Unlock.";
constexpr std::string_view kInactive =
    "The user is inactive in Salesforce. Activate the user: Setup > Users, edit the user, Active.";
constexpr std::string_view kAudience = "The audience does not fit this org. ";
constexpr std::string_view kExpired = "The server considers the assertion expired.";
constexpr std::string_view kTooEarly = "The server considers the assertion not valid yet.";
constexpr std::string_view kAssertion =
    "The server does not accept the assertion. Either the certificate in the app's OAuth settings is not "
    "that of SFJwtPrivateKey (Setup > External Client App Manager; for a connected app: App Manager), or the "
    "user name does not exist in this org (Setup > Users; user names in a sandbox end with the sandbox's "
    "name).";
constexpr std::string_view kClientId =
    "The server does not know SFJwtClientId. Set it to the consumer key of an app in the org that "
    "SFJwtTokenEndpoint belongs to (Setup > External Client App Manager; for a connected app: App Manager). "
    "It takes some minutes until a new app is known.";
constexpr std::string_view kClient =
    "The server does not accept this client. Compare SFJwtClientId and SFJwtClientSecret with the app's "
    "consumer key and secret, and SFJwtPrivateKey with the certificate uploaded to the app (Setup > External "
    "Client App Manager; for a connected app: App Manager).";
constexpr std::string_view kFlow =
    "The app may not use the JWT bearer flow. In Setup > External Client App Manager enable it in the app's "
    "OAuth settings, and upload the certificate there; for a connected app: App Manager, 'Use digital "
    "signatures'.";
constexpr std::string_view kRate =
    "The server limits the rate of logins. The gateway tries again after a pause. If this lasts, look in "
    "Setup > Login History for what logs in so often.";

constexpr std::array<Known, 38> kKnown{{
    {"", "hasn't approved", FetchFailure::approval, kApprove},
    {"", "has not approved", FetchFailure::approval, kApprove},
    {"", "not approved", FetchFailure::approval, kApprove},
    {"", "not admin approved", FetchFailure::app_access, kAppAccess},
    {"", "app is not installed", FetchFailure::app, kNotInstalled},
    {"oauth_ec_app_not_found", "", FetchFailure::app, kNotInstalled},
    {"oauth_app_access_denied", "", FetchFailure::app_access, kAppAccess},
    {"oauth_app_blocked", "", FetchFailure::app,
     "The app is blocked in this org. Unblock it: Setup > Connected Apps OAuth Usage."},
    {"", "audience", FetchFailure::audience, kAudience},
    {"", "rate exceeded", FetchFailure::rate, kRate},
    {"", "rate limit", FetchFailure::rate, kRate},
    {"rate_limit_exceeded", "", FetchFailure::rate, kRate},
    {"", "already being processed", FetchFailure::server,
     "The server is busy with another request for this user. The gateway tries again."},
    {"", "retry your request", FetchFailure::server,
     "The server asks for another try. The gateway tries again."},
    {"", "expired authorization code", FetchFailure::clock, kExpired},
    {"", "assertion is expired", FetchFailure::clock, kExpired},
    {"", "assertion has expired", FetchFailure::clock, kExpired},
    {"", "expired assertion", FetchFailure::clock, kExpired},
    {"", "assertion expired", FetchFailure::clock, kExpired},
    {"", "token expired", FetchFailure::clock, kExpired},
    {"", "not yet valid", FetchFailure::clock, kTooEarly},
    {"", "issued in the future", FetchFailure::clock, kTooEarly},
    {"", "invalid assertion", FetchFailure::assertion, kAssertion},
    {"", "user is locked", FetchFailure::user, kLocked},
    {"inactive_user", "", FetchFailure::user, kInactive},
    {"", "inactive user", FetchFailure::user, kInactive},
    {"inactive_org", "", FetchFailure::app,
     "The org is locked, closed or suspended. Contact Salesforce Support."},
    {"", "ip restricted", FetchFailure::app_access,
     "The user may not log in from this address or at this hour. Check Login IP Ranges and Login Hours of "
     "the user's profile (Setup > Profiles), and IP Relaxation in the app's policies (Setup > External "
     "Client App Manager; for a connected app: Manage Connected Apps)."},
    {"invalid_app_access", "", FetchFailure::app_access, kAppAccess},
    {"invalid_client_id", "", FetchFailure::client, kClientId},
    {"", "client identifier invalid", FetchFailure::client, kClientId},
    {"invalid_client", "", FetchFailure::client, kClient},
    {"", "invalid client credentials", FetchFailure::client, kClient},
    {"unauthorized_client", "", FetchFailure::app, kFlow},
    {"unsupported_grant_type", "", FetchFailure::app,
     "The server has no JWT bearer flow at this address. Set SFJwtTokenEndpoint to the token endpoint of "
     "Salesforce, such as https://login.salesforce.com/services/oauth2/token."},
    {"invalid_scope", "", FetchFailure::app,
     "The app lacks OAuth scopes. Select 'Manage user data via APIs (api)' and 'Perform requests at any time "
     "(refresh_token, offline_access)' in the app's OAuth settings: Setup > External Client App Manager (for "
     "a connected app: App Manager)."},
    {"invalid_request", "", FetchFailure::request,
     "The server does not understand the request. Check SFJwtClaim and SFJwtTokenParam."},
    {"invalid_grant", "", FetchFailure::grant,
     "The server grants no token for this user. The user's login history names the reason: Setup > Login "
     "History."},
}};

constexpr Known kUnknown{"", "", FetchFailure::request,
                         "The login history may name the reason: Setup > Login History."};

const Known& known(const GrantRefusal& refusal) {
  const std::string description = ascii_lower(refusal.description);
  const auto* const line = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& candidate) {
    return (candidate.error.empty() || equals_ignoring_case(candidate.error, refusal.error)) &&
           description.find(candidate.words) != std::string::npos;
  });
  return line == kKnown.end() ? kUnknown : *line;
}

// The server's words where nothing can hide in them, else how long they are: an assertion or token that it
// echoes must not reach a log, in however many pieces.
std::string quoted(std::string_view text, std::string_view instead) {
  if (is_plain_wording(text)) return std::string(text);
  return std::string(instead) + " of " + std::to_string(text.size()) + " bytes that is not shown";
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
std::string authorization_endpoint(const Client& client) {
  if (!client.authorization_endpoint.empty()) return client.authorization_endpoint;
  const std::string_view endpoint =
      std::string_view(client.token_endpoint).substr(0, client.token_endpoint.find('?'));
  constexpr std::string_view kToken = "/token";
  if (!endpoint.ends_with(kToken)) return {};
  return std::string(endpoint.substr(0, endpoint.size() - kToken.size())) + "/authorize";
}

std::string approval_url(const Client& client) {
  const std::string endpoint = authorization_endpoint(client);
  if (endpoint.empty()) return "the authorization endpoint of the org (SFJwtAuthorizationEndpoint).";
  return printable(endpoint) + (endpoint.find('?') == std::string::npos ? "?" : "&") +
         "response_type=code&client_id=" + query_encoded(client.client_id) +
         "&redirect_uri=<callback URL of the app>.";
}

// What the clocks say to an assertion that came too late or too early.
std::string clock_finding(const GrantRefusal& refusal, const Client& client) {
  const std::string lifetime = std::to_string(client.assertion_lifetime.count()) + " s";
  if (!refusal.clock_ahead) {
    return " Its reply does not say its time. Check that this machine's clock is right (NTP), and that "
           "SFJwtAssertionLifetime (" +
           lifetime + ") is not longer than the server allows.";
  }
  const std::string position = clock_position(*refusal.clock_ahead);
  if (std::chrono::abs(*refusal.clock_ahead) > kToleratedSkew) {
    return " This machine's clock is " + position + ": set it right (NTP).";
  }
  return " This machine's clock is " + position + ", which is close enough. So SFJwtAssertionLifetime (" +
         lifetime + ") is not what the server allows: make it shorter.";
}

// What is known here about a refusal, in words.
std::string finding(const GrantRefusal& refusal, const Client& client, FetchFailure cause) {
  switch (cause) {
    case FetchFailure::approval:
      return approval_url(client);
    case FetchFailure::audience:
      return audience_hint(client);
    case FetchFailure::clock:
      return clock_finding(refusal, client);
    case FetchFailure::assertion:
    case FetchFailure::grant:  // a server may call anything wrong with the times so
      if (!refusal.clock_ahead || std::chrono::abs(*refusal.clock_ahead) <= kToleratedSkew) return {};
      return " This machine's clock is " + clock_position(*refusal.clock_ahead) +
             ", which may be the reason: set it right (NTP).";
    case FetchFailure::app_access:
    case FetchFailure::user:
    case FetchFailure::signing:
    case FetchFailure::client:
    case FetchFailure::app:
    case FetchFailure::request:
    case FetchFailure::reply:
    case FetchFailure::tls:
    case FetchFailure::rate:
    case FetchFailure::server:
    case FetchFailure::unreachable:
    case FetchFailure::timed_out:
    case FetchFailure::exchange:
    case FetchFailure::caller_throttled:
    case FetchFailure::client_throttled:
    case FetchFailure::internal:
      break;
  }
  return {};
}

// A server in trouble may put it in the words of OAuth; it is trouble all the same.
bool is_trouble(const GrantRefusal& refusal) {
  return refusal.status == 429 || refusal.status >= 500 ||
         equals_ignoring_case(refusal.error, "server_error") ||
         equals_ignoring_case(refusal.error, "temporarily_unavailable");
}

}  // namespace

TokenError grant_error(const GrantRefusal& refusal, const Client& client) {
  const Known& line = known(refusal);
  TokenError error;
  error.code = is_plain_wording(refusal.error) ? refusal.error : "unlisted_error";
  error.message = "The token endpoint answered " + quoted(refusal.error, "an error");
  if (!refusal.description.empty())
    error.message += " (" + quoted(refusal.description, "with a description") + ")";
  error.message += ". ";
  const bool trouble = is_trouble(refusal) && class_of(line.cause) != Class::transient;
  error.cause = !trouble ? line.cause : refusal.status == 429 ? FetchFailure::rate : FetchFailure::server;
  error.error_class = class_of(error.cause);
  if (trouble) {
    error.message +=
        "The server is in trouble (status " + std::to_string(refusal.status) + "). The gateway tries again.";
  } else {
    error.message.append(line.remedy).append(finding(refusal, client, line.cause));
  }
  return error;
}

std::string clock_position(std::chrono::seconds ahead) {
  if (ahead.count() == 0) return "equal to the server's";
  return std::to_string(std::chrono::abs(ahead).count()) + " s " +
         (ahead.count() < 0 ? "behind" : "ahead of") + " the server's";
}

}  // namespace sfjwt::oauth
