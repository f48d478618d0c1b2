// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

namespace sfjwt::wsdl {

/// Whether two top-level components of schemas with one target namespace have the same definition: equal
/// elements and attributes in the same order, prefixed names compared by namespace, annotations ignored, and
/// equal defaults of the two schemas. Definitions that are only equivalent count as different. Configuration
/// time only.
bool same_definition(const xmlNode& one, const xmlNode& other);

}  // namespace sfjwt::wsdl
