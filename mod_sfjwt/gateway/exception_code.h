// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "mod_sfjwt/gateway/backend_family.h"
#include "mod_sfjwt/gateway/reason.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/fault.h"

namespace sfjwt::gateway {

/// The detail a refusal of this request has, so that clients made from the WSDL raise the exception they have
/// for it: a fault the operation declares, or where the operation is not known (null) one that its WSDL
/// declares, with an exceptionCode of its own list and never the one of an ended session (but for
/// handle_not_valid), which clients take as a call to log in. Nothing where the WSDL declares no such fault,
/// where nobody can say which WSDL is meant, and for the fault codes that SOAP has for envelopes and header
/// blocks (SOAP 1.1 section 4.4).
std::optional<soap::TypedDetail> typed_detail(Reason reason, const soap::Catalog& catalog,
                                              const soap::CatalogOperation* operation, std::string_view body,
                                              const BackendFamily& backend);

}  // namespace sfjwt::gateway
