// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/document.h"
#include "mod_sfjwt/soap/namespaces.h"
#include "mod_sfjwt/soap/schema.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/soap/validation.h"

namespace sfjwt::soap {

/// Compiles the inline schemas of all WSDLs of a section into one set of tables; adds the namespaces they
/// use. `wsdls` is what was read of the documents, in their order. The subset is that of real Salesforce
/// WSDLs: element (global, local, ref), complexType, sequence, any, complexContent with extension, attribute,
/// simpleType with restriction, annotation, import, include. Any other construct is an error that names it,
/// with file and line. Configuration time only.
Result<CompiledSchema, WsdlError> compile_schema(std::span<const WsdlDocument> documents,
                                                 std::span<const Wsdl> wsdls, Namespaces& namespaces,
                                                 const Relaxations& relaxations);

}  // namespace sfjwt::soap
