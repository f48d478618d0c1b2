// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sfjwt::soap {

/// The local names of the operations by which a client of a family of services logs in, and of their
/// elements. The views refer to static storage.
struct LoginNames {
  std::string_view login;  // operation: user name and password in, a session out
  std::string_view user_name;
  std::string_view password;
  std::string_view fault;      // what it declares for a login that fails
  std::string_view user_info;  // operation: what the service knows of the user of a session

  // Children of the result of login
  std::string_view session_id;
  std::string_view server_url;
  std::string_view metadata_server_url;
  std::string_view password_expired;
  std::string_view sandbox;
  std::string_view user_info_result;  // holds the result of the operation user_info

  // Children of the result of user_info
  std::string_view user_id;  // also a child of the result of login
  std::string_view organization_id;
};

}  // namespace sfjwt::soap
