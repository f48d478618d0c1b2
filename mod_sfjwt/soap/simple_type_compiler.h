// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/soap/simple_type.h"
#include "mod_sfjwt/soap/validation.h"

namespace sfjwt::soap {

/// The simple type an xsd:restriction makes of its base by its facets (XML Schema Part 2 section 4.3). A
/// facet that is unknown, malformed, or not supported for the type is an error. Configuration time only.
Result<SimpleType, WsdlError> restricted(const xmlNode& restriction, const SimpleType& base,
                                         Namespaces& namespaces, const Relaxations& relaxations);

}  // namespace sfjwt::soap
