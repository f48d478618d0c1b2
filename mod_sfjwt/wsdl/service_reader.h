// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/backend_names.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/document.h"

namespace sfjwt::wsdl {

/// Reads operations, header blocks and namespaces (WSDL 1.1, document/literal, SOAP 1.1 and 1.2 bindings).
/// What cannot be served (rpc style, encoded use, several body parts, a part with type instead of element,
/// two operations with one input element, no SOAP binding) is an error that names it. `names` says which
/// header block carries the session and what a declared fault looks like.
Result<soap::Wsdl, soap::WsdlError> read_wsdl(const WsdlDocument& document, const soap::BackendNames& names);

/// Both steps.
Result<soap::Wsdl, soap::WsdlError> read_wsdl(const std::filesystem::path& file,
                                              const soap::BackendNames& names);

}  // namespace sfjwt::wsdl
