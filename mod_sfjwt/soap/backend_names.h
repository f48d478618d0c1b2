// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/schema/relaxed_names.h"
#include "mod_sfjwt/soap/login_names.h"

namespace sfjwt::soap {

/// The local names in the WSDLs of a family of services that the gateway searches for. The views refer to
/// static storage.
struct BackendNames {
  std::string_view session_header;  // the header block that carries the session
  std::string_view session_id;      // its child
  std::string_view exception_code;  // the two children of a declared fault
  std::string_view exception_message;
  LoginNames login;
  schema::RelaxedNames relaxed;

  /// "SessionHeader/sessionId", for messages.
  std::string session_path() const { return std::string(session_header).append("/").append(session_id); }
};

}  // namespace sfjwt::soap
