// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/service_description.h"

namespace sfjwt::wsdl {

// Reads the name and the attributes of one element of an XML Schema document. What the schema compiler does
// not support is an error with file and line. Configuration time only.

/// Why compilation stops; nullopt to continue.
using Failure = std::optional<soap::WsdlError>;

/// A value or an error.
template <class T>
using Compiled = Result<T, soap::WsdlError>;

bool is_xsd(const xmlNode& element, std::string_view local);

/// The error for an unsupported construct.
soap::WsdlError unsupported(const xmlNode& element);

/// An error if the element has this attribute with a non-empty value.
Failure refuse_attribute(const xmlNode& element, const char* name);

/// The value of an xsd:boolean attribute; false if it is absent.
Compiled<bool> flag(const xmlNode& element, const char* name);

/// The value of minOccurs or maxOccurs (XML Schema Part 1 section 3.9.2), which may be schema::kUnbounded; 1
/// if it is absent.
Compiled<std::uint32_t> occurrences(const xmlNode& element, const char* name);

/// Whether a local declaration is in the target namespace: according to its form, or else to
/// `default_attribute` of the xsd:schema.
Compiled<bool> qualified(const xmlNode& declaration, const xmlNode& schema, const char* default_attribute);

}  // namespace sfjwt::wsdl
