// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/httpd/httpd_headers.h"

namespace sfjwt::httpd {

/// An authentication provider of httpd (AuthBasicProvider has the same), by the name given in SFJwtLogin. The
/// provider's own directives in the section configure it.
struct PasswordProvider {
  std::string name;
  const authn_provider* provider;
};
using PasswordProviders = std::vector<PasswordProvider>;

/// The provider of this name; null if no loaded module has it, or if it cannot check passwords.
const authn_provider* password_provider(const char* name);

enum class PasswordCheck {
  granted,
  denied,  // wrong password, or no provider knows the user
  failed,  // a provider could not tell; its module has logged why
};

/// Asks the providers in turn, the next one only if the user is unknown to the one before, as mod_auth_basic
/// does. Empty passwords are denied without asking: an LDAP server takes them for an anonymous bind
/// (RFC 4513 section 5.1.2). What providers leave in the request (user, notes, variables) is undone.
PasswordCheck check_password(request_rec* r, const PasswordProviders& providers, const std::string& user,
                             const Secret& password);

}  // namespace sfjwt::httpd
