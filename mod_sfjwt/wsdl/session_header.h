// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/declarations.h"
#include "mod_sfjwt/wsdl/document.h"

namespace sfjwt::wsdl {

/// Finds the header block named SessionHeader among those of the operations, and the name its sessionId child
/// has in a message, which the form of the schema decides (XML Schema part 1, section 3.3.2), and enters
/// both. A WSDL without SessionHeader gets a warning; two of them in different namespaces, or one without
/// sessionId, are errors.
Result<Done, soap::WsdlError> enter_session_header(const WsdlDocument& document, const Declarations& declared,
                                                   soap::Wsdl& wsdl);

}  // namespace sfjwt::wsdl
