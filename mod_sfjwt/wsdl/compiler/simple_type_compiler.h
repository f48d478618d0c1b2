// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/schema/relaxed_names.h"
#include "mod_sfjwt/schema/simple_type.h"
#include "mod_sfjwt/soap/service_description.h"

namespace sfjwt::wsdl {

/// The simple type that an xsd:restriction derives from its base (XML Schema Part 2 section 4.3). A facet
/// that is unknown, malformed, or not supported for the type is an error. Configuration time only.
Result<schema::SimpleType, soap::WsdlError> restricted(const xmlNode& restriction,
                                                       const schema::SimpleType& base,
                                                       xml::Namespaces& namespaces,
                                                       const schema::Tolerance& tolerance);

}  // namespace sfjwt::wsdl
