// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/xmlschemas.h>

#include <memory>
#include <string>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/wsdl/service_reader.h"

namespace sfjwt::soap {

/// A schema as a document of its own.
struct SchemaFile {
  std::string namespace_uri;
  std::string text;
};

/// The inline schemas of a WSDL, each with the namespace declarations in scope and an import of each other
/// one, for processors insist on them.
Result<std::vector<SchemaFile>, std::string> schema_files(const wsdl::WsdlDocument& document);

/// A schema that imports all of these.
std::string schema_of_all(const std::vector<SchemaFile>& files);

/// Swaps the process-global entity loader for the time of the call.
Result<std::shared_ptr<xmlSchema>, std::string> compiled_by_libxml2(const std::vector<SchemaFile>& files);

}  // namespace sfjwt::soap
