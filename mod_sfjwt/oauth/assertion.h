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
/// with RS256, with the key's id as kid where it has one, and the claims iss, sub (or prn), aud, exp = now +
/// the client's assertion lifetime in seconds, and the client's further claims as strings. The error says
/// what cannot be put into JSON, or why the key did not sign.
Result<Secret, std::string> signed_assertion(const Client& client, std::string_view subject,
                                             const keys::SigningKey& key, UnixTime now);

/// The form of the token request (RFC 7523 section 2.1): grant_type, assertion, the client's further
/// parameters, and where it has a secret, client_id and client_secret (RFC 6749 section 2.3.1).
Secret token_request_form(const Client& client, const Secret& assertion);

/// Whether a claim may be set by configuration: not what decides who is who and for how long (iss sub prn aud
/// exp iat nbf, in any case of letters), and a name of printable ASCII without spaces, quotes and
/// backslashes.
bool claim_configurable(std::string_view name);

/// Whether a form parameter of the token request may be set by configuration: not grant_type, assertion,
/// client_id, client_secret (in any case of letters), and a name of the same kind.
bool token_param_configurable(std::string_view name);

}  // namespace sfjwt::oauth
