// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/namespaces.h"
#include "mod_sfjwt/soap/schema.h"
#include "mod_sfjwt/soap/validation.h"
#include "mod_sfjwt/soap/wsdl.h"

namespace sfjwt::soap {

struct CompiledSchema {
  std::shared_ptr<const Schema> schema;
  std::vector<std::string> warnings;  // one line each, with file and line: unresolved types, missing imports
};

/// Compiles the inline schemas of all WSDLs of a section into one set of tables; adds the namespaces they
/// use. `wsdls` is what was read of the documents, in their order. The subset is that of real Salesforce
/// WSDLs: element (global, local, ref), complexType, sequence, any, complexContent with extension, attribute,
/// simpleType with restriction, annotation, import, include. Any other construct is an error that names it,
/// with file and line. Configuration time only.
Result<CompiledSchema, WsdlError> compile_schema(std::span<const WsdlDocument* const> documents,
                                                 std::span<const Wsdl> wsdls, Namespaces& namespaces,
                                                 const Relaxations& relaxations);

}  // namespace sfjwt::soap
