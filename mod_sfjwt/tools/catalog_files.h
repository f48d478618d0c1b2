// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/catalog.h"

namespace sfjwt::tools {

/// The mode of that name (strict, tolerant, report, structure).
std::optional<soap::Mode> mode_named(std::string_view name);

/// "FILE:LINE: what is wrong".
std::string sentence(const soap::WsdlError& error);

/// The catalog of these WSDL files, as a section with the same SFJwtWsdl has it.
Result<std::shared_ptr<const soap::Catalog>, std::string> read_catalog(const std::vector<std::string>& files,
                                                                       soap::Mode mode);

}  // namespace sfjwt::tools
