// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/soap/backend_names.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/declarations.h"

namespace sfjwt::wsdl {

/// Fills wsdl.login if the WSDL has an operation login that takes no session, or wsdl.login_problem if that
/// operation or the one for the user info has an unsupported form. Call it after enter_session_header().
void enter_login_description(const Declarations& declared, const soap::BackendNames& names, soap::Wsdl& wsdl);

}  // namespace sfjwt::wsdl
