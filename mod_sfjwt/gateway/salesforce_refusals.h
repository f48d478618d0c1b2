// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "mod_sfjwt/oauth/provider.h"

// How the token endpoint of Salesforce refuses a token, and where an administrator finds what to do about it.
namespace sfjwt::gateway::salesforce {

using oauth::FetchFailure;

// Where an administrator of Salesforce finds the switch: first for an external client app, then for a
// connected app.
inline constexpr std::string_view kApprove =
    "The user has not approved this app. Pre-authorize it: in Setup > External Client App Manager (for a "
    "connected app: Manage Connected Apps) set Permitted Users of the app's policies to 'Admin approved "
    "users are pre-authorized' and select the user's profile or permission set. Or let the user approve the "
    "app once at ";
inline constexpr std::string_view kAppAccess =
    "The user may not use this app. Select the user's profile or a permission set of the user in the app's "
    "policies: Setup > External Client App Manager (for a connected app: Manage Connected Apps).";
inline constexpr std::string_view kNotInstalled =
    "The app is not installed in this org. Either install it there (a connected app: Setup > Connected Apps "
    "OAuth Usage; an external client app: its package), or set SFJwtClientId to the consumer key of an app "
    "of this org.";
inline constexpr std::string_view kLocked =
    "The user is locked out of Salesforce. Unlock the user: Setup > Users, open the user, Unlock.";
inline constexpr std::string_view kInactive =
    "The user is inactive in Salesforce. Activate the user: Setup > Users, edit the user, Active.";
inline constexpr std::string_view kAudience = "The audience does not fit this org. ";
inline constexpr std::string_view kExpired = "The server considers the assertion expired.";
inline constexpr std::string_view kTooEarly = "The server considers the assertion not valid yet.";
inline constexpr std::string_view kAssertion =
    "The server does not accept the assertion. Either the certificate in the app's OAuth settings is not "
    "that of SFJwtPrivateKey (Setup > External Client App Manager; for a connected app: App Manager), or the "
    "user name does not exist in this org (Setup > Users; user names in a sandbox end with the sandbox's "
    "name).";
inline constexpr std::string_view kClientId =
    "The server does not know SFJwtClientId. Set it to the consumer key of an app in the org that "
    "SFJwtTokenEndpoint belongs to (Setup > External Client App Manager; for a connected app: App Manager). "
    "It takes some minutes until a new app is known.";
inline constexpr std::string_view kClient =
    "The server does not accept this client. Compare SFJwtClientId and SFJwtClientSecret with the app's "
    "consumer key and secret, and SFJwtPrivateKey with the certificate uploaded to the app (Setup > External "
    "Client App Manager; for a connected app: App Manager).";
inline constexpr std::string_view kFlow =
    "The app may not use the JWT bearer flow. In Setup > External Client App Manager enable it in the app's "
    "OAuth settings, and upload the certificate there; for a connected app: App Manager, 'Use digital "
    "signatures'.";
inline constexpr std::string_view kRate =
    "The server limits the rate of logins. The gateway tries again after a pause. If this lasts, look in "
    "Setup > Login History for what logs in so often.";

inline constexpr std::array<oauth::KnownRefusal, 38> kRefusals{{
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

inline constexpr std::string_view kUnknownRefusal =
    "The login history may name the reason: Setup > Login History.";
inline constexpr std::string_view kNoJwtTokens =
    "Switch off 'Issue JSON Web Token (JWT)-based access tokens for named users' in the app's OAuth "
    "settings: Setup > External Client App Manager (for a connected app: App Manager).";

}  // namespace sfjwt::gateway::salesforce
