// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/backend_names.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/document.h"

namespace sfjwt::wsdl {

/// Reads operations, header blocks and namespaces (WSDL 1.1, document/literal, SOAP 1.1 and 1.2 bindings).
/// Unsupported constructs (rpc style, encoded use, several body parts, a part with type instead of element,
/// two operations with one input element, no SOAP binding) are errors that name them. `names` are the names
/// of the header block with the session and of the children of a declared fault.
Result<soap::Wsdl, soap::WsdlError> read_wsdl(const WsdlDocument& document, const soap::BackendNames& names);

/// Opens the file and reads it.
Result<soap::Wsdl, soap::WsdlError> read_wsdl(const std::filesystem::path& file,
                                              const soap::BackendNames& names);

}  // namespace sfjwt::wsdl
