// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/schema/relaxed_names.h"
#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/document.h"
#include "mod_sfjwt/xml/namespaces.h"

namespace sfjwt::wsdl {

/// Compiles the inline schemas of all WSDLs of a section into one set of tables, and adds the namespaces that
/// they use. `wsdls` are the descriptions read from the documents, in the same order. The supported subset is
/// that of real backend WSDLs: element (global, local, ref), complexType, sequence, any, complexContent with
/// extension, attribute, simpleType with restriction, annotation, import, include. Any other construct is an
/// error that names it, with file and line. Configuration time only.
Result<schema::CompiledSchema, soap::WsdlError> compile_schema(std::span<const WsdlDocument> documents,
                                                               std::span<const soap::Wsdl> wsdls,
                                                               xml::Namespaces& namespaces,
                                                               const schema::Tolerance& tolerance);

}  // namespace sfjwt::wsdl
