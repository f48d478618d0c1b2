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

/// What the files of one WSDL may still have together (wsdl_limits.h).
struct XmlBudget {
  std::size_t bytes = kMaxWsdlBytes;
  std::size_t nodes = kMaxWsdlNodes;
};

/// Parses one regular file and takes it off the budget; UTF-16 with a byte order mark is read as well. `name`
/// stands for it in messages and becomes the URL of the document. Not well-formed XML 1.0 with namespaces,
/// any DOCTYPE, and more than the budget allows are errors with their line; a file of another kind
/// (file_format.h) is called what it is. Nothing but this file is opened. Configuration time only.
Result<XmlFile, soap::WsdlError> read_xml_file(const std::filesystem::path& path, const std::string& name,
                                               XmlBudget& budget);

}  // namespace sfjwt::wsdl
