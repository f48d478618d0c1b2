// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/tree.h>

#include <filesystem>
#include <string>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/wsdl.h"

namespace sfjwt::soap {

using XmlFile = Owned<xmlDoc, free_document>;

/// Parses one regular file of at most 64 MB. `name` stands for it in messages and becomes the URL of the
/// document. Not well-formed XML 1.0 with namespaces, or any DOCTYPE, is an error with its line. Nothing but
/// this file is opened. Configuration time only.
Result<XmlFile, WsdlError> read_xml_file(const std::filesystem::path& path, const std::string& name);

}  // namespace sfjwt::soap
