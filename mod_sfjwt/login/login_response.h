// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/login/user_info.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/login_names.h"
#include "mod_sfjwt/soap/service_description.h"

namespace sfjwt::login {

/// The session that a client is given.
struct Session {
  const Secret& id;
  std::string_view server_url;           // where its requests go
  std::string_view metadata_server_url;  // empty: none
  bool sandbox = false;
  const UserInfo& user;
};

/// The response to login, valid against the WSDL: the declared elements in their order, by default namespaces
/// and without prefixes, since some clients search the text for tags. A field for which there is no value is
/// left out, nil or its placeholder, the first that the WSDL allows. The document contains the session id; no
/// other copy of it is left.
Secret login_response(const soap::LoginDescription& description, const soap::LoginNames& names,
                      soap::SoapVersion version, const Session& session);

}  // namespace sfjwt::login
