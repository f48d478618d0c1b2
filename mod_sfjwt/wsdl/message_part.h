// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/declarations.h"

namespace sfjwt::wsdl {

/// Input or output of one operation: the abstract message and how a binding carries it.
struct Direction {
  const xmlNode* abstract;          // wsdl:input or wsdl:output of the portType
  const xmlNode* bound;             // the same of the binding
  std::string_view soap_namespace;  // of the soap: elements of the binding
  std::string operation;            // name, for messages
};

/// The element of a message part. A part with a type, and an element that no schema declares, are errors.
Result<xml::QName, soap::WsdlError> part_element(const xmlNode& part, const Declarations& declared);

/// The element a soap:header brings as header block (WSDL 1.1 section 3.7).
Result<xml::QName, soap::WsdlError> header_element(const xmlNode& header, const Declarations& declared);

/// The element that is the child of Body (WSDL 1.1 section 3.5), nothing if no part goes there. More than one
/// part, or an encoded use, is an error.
Result<std::optional<xml::QName>, soap::WsdlError> body_element(const Direction& direction,
                                                                const Declarations& declared);

/// A name from the WSDL, as it is written in messages.
std::string in_quotes(std::string_view name);

}  // namespace sfjwt::wsdl
