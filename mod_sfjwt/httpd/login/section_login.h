// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "mod_sfjwt/httpd/login/login_store.h"
#include "mod_sfjwt/httpd/login/password_check.h"
#include "mod_sfjwt/login/handles.h"

namespace sfjwt::httpd {

/// How a section answers login (SFJwtLogin).
struct SectionLogin {
  std::unique_ptr<const login::Handles> handles;
  PasswordProviders providers;  // empty: the caller has been authenticated by httpd (SFJwtLogin caller)
  bool insecure;                // passwords may come over connections without TLS (SFJwtLoginInsecure)
  bool sandbox;                 // the users are those of a sandbox
  std::string public_url;       // SFJwtPublicUrl; empty: see public_address()
  LoginStore* store;            // of all sections
};

}  // namespace sfjwt::httpd
