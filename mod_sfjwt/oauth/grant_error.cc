// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/grant_error.h"

#include <algorithm>
#include <string>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/oauth/audience.h"
#include "mod_sfjwt/oauth/wording.h"

namespace sfjwt::oauth {
namespace {

using Class = TokenError::Class;

constexpr std::chrono::seconds kToleratedSkew{60};

// The first row that matches; otherwise a generic one.
KnownRefusal known(const GrantRefusal& refusal, const Provider& provider) {
  const std::string description = ascii_lower(refusal.description);
  const auto line =
      std::find_if(provider.refusals.begin(), provider.refusals.end(), [&](const KnownRefusal& candidate) {
        return (candidate.error.empty() || equals_ignoring_case(candidate.error, refusal.error)) &&
               description.find(candidate.words) != std::string::npos;
      });
  if (line != provider.refusals.end()) return *line;
  return {"", "", FetchFailure::request, provider.unknown_refusal};
}

// Quotes the server's text if it consists of plain wording; otherwise gives its length. An assertion or token
// that the server echoes, whole or in pieces, must not reach a log.
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

// By default the authorization endpoint is derived from the token endpoint.
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

// The clock comparison, for an assertion that was refused as too early or too late.
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

// What is known about the cause of a refusal.
std::string finding(const GrantRefusal& refusal, const Client& client, FetchFailure cause) {
  switch (cause) {
    case FetchFailure::approval:
      return approval_url(client);
    case FetchFailure::audience:
      return audience_hint(client);
    case FetchFailure::clock:
      return clock_finding(refusal, client);
    case FetchFailure::assertion:
    case FetchFailure::grant:  // some servers report any wrong time this way
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

// A server in trouble may report it as an OAuth error; it is still trouble.
bool is_trouble(const GrantRefusal& refusal) {
  return refusal.status == 429 || refusal.status >= 500 ||
         equals_ignoring_case(refusal.error, "server_error") ||
         equals_ignoring_case(refusal.error, "temporarily_unavailable");
}

}  // namespace

TokenError grant_error(const GrantRefusal& refusal, const Client& client) {
  const KnownRefusal line = known(refusal, *client.provider);
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
