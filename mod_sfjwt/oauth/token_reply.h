// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/oauth/client.h"
#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/oauth/transport.h"

namespace sfjwt::oauth {

/// What the server granted (RFC 6749 section 5.1).
struct Grant {
  Secret access_token;
  std::string instance_url;                        // an origin that instance_origin let pass
  std::optional<std::chrono::seconds> expires_in;  // not every server sends it
};

/// Reads what a token endpoint answered. Only status 200 with a JSON object (strict: oauth/json.h) that holds
/// an access_token of 1 to 4096 bytes of [A-Za-z0-9!._~+/=-] for SOAP (not in JWT format), token_type Bearer
/// or none, and an allowed instance_url is a grant. All else is an error with its class and remedy; `now` is
/// for the skew of the clocks.
Result<Grant, TokenError> read_token_reply(const HttpReply& reply, const Client& client, UnixTime now);

}  // namespace sfjwt::oauth
