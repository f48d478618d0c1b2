// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/backend_names.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/declarations.h"
#include "mod_sfjwt/wsdl/document.h"

namespace sfjwt::wsdl {

/// Finds the session header (BackendNames) among the header blocks of the operations, and the expanded name
/// of its child, which depends on the form of the schema (XML Schema Part 1 section 3.3.2), and stores both.
/// A WSDL without a session header gets a warning; two of them in different namespaces, or one without the
/// session id, are errors.
Result<Done, soap::WsdlError> enter_session_header(const WsdlDocument& document, const Declarations& declared,
                                                   const soap::BackendNames& names, soap::Wsdl& wsdl);

}  // namespace sfjwt::wsdl
