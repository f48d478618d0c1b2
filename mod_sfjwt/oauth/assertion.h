// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/keys/signing_key.h"
#include "mod_sfjwt/oauth/client.h"

namespace sfjwt::oauth {

/// The assertion of RFC 7523 section 3 for one subject: a JWT in compact form (RFC 7515 section 7.1), signed
/// with RS256, with the key's id, if any, as kid. Its claims are iss, sub (or prn), aud, exp (now plus the
/// client's assertion lifetime, in seconds), and the client's additional claims as strings. Fails if a value
/// cannot be represented in JSON or the key cannot sign.
Result<Secret, std::string> signed_assertion(const Client& client, std::string_view subject,
                                             const keys::SigningKey& key, UnixTime now);

/// The body of the token request (RFC 7523 section 2.1): grant_type, assertion, the client's additional
/// parameters, and, if it has a secret, client_id and client_secret (RFC 6749 section 2.3.1).
Secret token_request_form(const Client& client, const Secret& assertion);

/// Whether a claim can be set in the configuration. The name must be printable ASCII without spaces, quotes
/// and backslashes, and not one of those that determine identity and validity: iss sub prn aud exp iat nbf
/// (case-insensitive).
bool claim_configurable(std::string_view name);

/// Whether a parameter of the token request can be set in the configuration: the same rules for the name, and
/// not grant_type, assertion, client_id, client_secret (case-insensitive).
bool token_param_configurable(std::string_view name);

}  // namespace sfjwt::oauth
