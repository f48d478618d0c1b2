// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/service_description.h"

namespace sfjwt::wsdl {

// What one element of an XML Schema document says by its name and its attributes. An answer that the schema
// compiler cannot work with is an error with file and line. Configuration time only.

/// Why compiling stops; empty as long as it goes on.
using Failure = std::optional<soap::WsdlError>;

/// A value, or why there is none.
template <class T>
using Compiled = Result<T, soap::WsdlError>;

bool is_xsd(const xmlNode& element, std::string_view local);

/// The error for a construct that the compiler does not know.
soap::WsdlError unsupported(const xmlNode& element);

/// An error if the element has this attribute with any value but the empty one.
Failure refuse_attribute(const xmlNode& element, const char* name);

/// The value of an xsd:boolean attribute; false if it is absent.
Compiled<bool> flag(const xmlNode& element, const char* name);

/// The value of minOccurs or maxOccurs (XML Schema Part 1 section 3.9.2), which may be schema::kUnbounded; 1
/// if it is absent.
Compiled<std::uint32_t> occurrences(const xmlNode& element, const char* name);

/// Whether a local declaration is in the target namespace: by its form, or else by the default that
/// `default_attribute` of the xsd:schema gives.
Compiled<bool> qualified(const xmlNode& declaration, const xmlNode& schema, const char* default_attribute);

}  // namespace sfjwt::wsdl
