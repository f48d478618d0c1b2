// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/schema/validation.h"
#include "mod_sfjwt/soap/backend_names.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/service_description.h"

namespace sfjwt::wsdl {

/// Reads the WSDL files of a section and compiles their schemas for the mode. The error names file, line and
/// construct; it is an error if two files have an operation with the same input element. Call it only at
/// start.
Result<std::shared_ptr<const soap::Catalog>, soap::WsdlError> load_catalog(
    const std::vector<std::filesystem::path>& files, const schema::Validation& validation,
    const soap::BackendNames& names);

}  // namespace sfjwt::wsdl
