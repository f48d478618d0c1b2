// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/xml_file.h"

struct _xmlNode;  // NOLINT(bugprone-reserved-identifier): libxml2 named it

namespace sfjwt::wsdl {

/// A parsed WSDL file with everything it imports from below its own directory; kept while the schemas are
/// compiled.
struct WsdlDocument {
  std::string file;
  std::vector<XmlFile> documents;        // the WSDL first, then imported files
  std::vector<const _xmlNode*> schemas;  // every xsd:schema element, in document order
};

/// Parses the file and follows each wsdl:import, xsd:import and xsd:include whose location resolves to a file
/// below the WSDL's own directory. Opens nothing else: no network, no DTD, no entity. Configuration time only
/// (libxml2); not for data from clients.
Result<WsdlDocument, soap::WsdlError> open_wsdl(const std::filesystem::path& file);

}  // namespace sfjwt::wsdl
