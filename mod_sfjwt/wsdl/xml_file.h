// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/limits.h"

struct _xmlDoc;  // NOLINT(bugprone-reserved-identifier): libxml2 named it

namespace sfjwt::wsdl {

void free_document(_xmlDoc* document);

using XmlFile = Owned<_xmlDoc, free_document>;

/// What is left for the files of one WSDL (wsdl/limits.h).
struct XmlBudget {
  std::size_t bytes = kMaxWsdlBytes;
  std::size_t nodes = kMaxWsdlNodes;
};

/// Parses one regular file and charges it to the budget; UTF-16 with a byte order mark is also read. `name`
/// stands for the file in messages and becomes the URL of the document. Fails with the line for anything but
/// well-formed XML 1.0 with namespaces, for a DOCTYPE, and if the budget is exceeded; the error for a file of
/// another kind (file_format.h) names the kind. Opens nothing but this file. Configuration time only.
Result<XmlFile, soap::WsdlError> read_xml_file(const std::filesystem::path& path, const std::string& name,
                                               XmlBudget& budget);

}  // namespace sfjwt::wsdl
