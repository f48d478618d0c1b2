// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/soap/login_names.h"
#include "mod_sfjwt/xml/limits.h"

namespace sfjwt::login {

/// What a client logs in with, as an XML processor reports it: with its white space, and possibly empty.
struct Credentials {
  std::string user_name;
  Secret password;
};

/// Why a request has no credentials: a sentence that may be shown to the client. It contains no bytes of the
/// request.
struct CredentialsError {
  std::string message;
};

/// Reads the credentials of a login request, which must be a complete, well-formed envelope (SOAP 1.1 or
/// 1.2) whose Body contains login alone, and this only the user name and the password, once each and in any
/// order, in the namespace of login or in none. Does not rely on validation. The document must outlive the
/// call only; no copy of the password is left but the one returned.
Result<Credentials, CredentialsError> read_credentials(std::string_view document,
                                                       const soap::LoginNames& names,
                                                       const xml::Limits& limits);

}  // namespace sfjwt::login
