// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/declarations.h"

namespace sfjwt::wsdl {

/// Input or output of one operation: the abstract message and its binding.
struct Direction {
  const xmlNode* abstract;          // wsdl:input or wsdl:output of the portType
  const xmlNode* bound;             // its counterpart in the binding
  std::string_view soap_namespace;  // of the soap: elements of the binding
  std::string operation;            // name, for messages
};

/// The element of a message part. A part with a type, or with an undeclared element, is an error.
Result<xml::QName, soap::WsdlError> part_element(const xmlNode& part, const Declarations& declared);

/// The element that a soap:header declares as header block (WSDL 1.1 section 3.7).
Result<xml::QName, soap::WsdlError> header_element(const xmlNode& header, const Declarations& declared);

/// The child element of Body (WSDL 1.1 section 3.5); nullopt if the body has no part. More than one part, or
/// an encoded use, is an error.
Result<std::optional<xml::QName>, soap::WsdlError> body_element(const Direction& direction,
                                                                const Declarations& declared);

/// Quotes a name from the WSDL for messages.
std::string in_quotes(std::string_view name);

}  // namespace sfjwt::wsdl
