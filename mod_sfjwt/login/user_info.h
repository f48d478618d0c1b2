// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/login_names.h"
#include "mod_sfjwt/soap/service_description.h"

namespace sfjwt::login {

/// A longer response is refused by read_user_info().
inline constexpr std::size_t kMaxUserInfoBytes = std::size_t{64} * 1024;

/// What the backend says of the user of a session.
struct UserInfo {
  struct Field {
    std::string name;                  // local name
    std::optional<std::string> value;  // decoded; nullopt if nil
  };

  std::string user_id;          // 15 or 18 ASCII letters and digits
  std::string organization_id;  // 15 or 18 ASCII letters and digits
  std::vector<Field> fields;    // all that contain text or are nil, those two included; names are unique

  /// nullptr if there is none.
  const Field* find(std::string_view name) const;
};

/// Why a response has no user info: a sentence for the log. It contains no bytes of the response.
struct UserInfoError {
  std::string message;
};

/// The request for the user info, with an empty session id. soap::read_envelope() accepts it with a catalog
/// that has this WSDL, and gateway::RewrittenBody puts the token in. Only if wsdl.login has a value and the
/// WSDL has a session header.
std::string user_info_request(const soap::Wsdl& wsdl, soap::SoapVersion version);

/// Reads the response to that request: a complete, well-formed envelope (SOAP 1.1 or 1.2) whose Body
/// contains the declared response alone, with one result. Everything else is an error: a fault, another
/// document, a result without the id of user or organization, a field that is repeated, more than 200
/// fields. A field that contains elements is left out.
Result<UserInfo, UserInfoError> read_user_info(std::string_view document,
                                               const soap::LoginDescription& description,
                                               const soap::LoginNames& names);

}  // namespace sfjwt::login
