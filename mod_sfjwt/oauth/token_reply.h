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
  std::string instance_url;                        // an origin that instance_origin accepted
  std::optional<std::chrono::seconds> expires_in;  // absent from some servers
};

/// Reads the response of a token endpoint. A grant requires status 200 and a JSON object (strict:
/// oauth/json.h) with an access_token of 1 to 4096 bytes of [A-Za-z0-9!._~+/=-] for SOAP (not in JWT format),
/// token_type Bearer or absent, and an allowed instance_url. Anything else is an error with its class and
/// remedy; `now` serves to determine the clock skew.
Result<Grant, TokenError> read_token_reply(const HttpReply& reply, const Client& client, UnixTime now);

}  // namespace sfjwt::oauth
