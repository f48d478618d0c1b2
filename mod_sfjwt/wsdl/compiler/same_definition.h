// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

namespace sfjwt::wsdl {

/// Whether two top-level components of schemas with one target namespace define the same thing: equal
/// elements and attributes in their order, names compared by what their prefixes mean, annotations left out,
/// and equal defaults of the two schemas. Not whether two different wordings come to the same. Configuration
/// time only.
bool same_definition(const xmlNode& one, const xmlNode& other);

}  // namespace sfjwt::wsdl
