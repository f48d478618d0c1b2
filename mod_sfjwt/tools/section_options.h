// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/schema/validation.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/input.h"
#include "mod_sfjwt/xml/limits.h"

namespace sfjwt::tools {

/// What a document may cost, as SFJwtXmlLimits and SFJwtMaxBody say it.
struct DocumentLimits {
  xml::Limits xml;
  std::size_t bytes = kDefaultMessageBytes;
};
void add_limits(CLI::App& command, DocumentLimits& limits);

/// How strictly requests are validated, as SFJwtValidate says it.
struct ValidationOptions {
  std::string mode = "tolerant";
  std::vector<std::string> switched_off;  // relaxations

  /// The error is that a mode without relaxations is given one to switch off.
  Result<schema::Validation, Problem> validation() const;
};
void add_validation(CLI::App& command, ValidationOptions& options);

/// --wsdl, once or several times.
void add_wsdls(CLI::App& command, std::vector<std::string>& files);

/// The catalog of these WSDL files, as a section with the same SFJwtWsdl has it. The error is
/// "FILE:LINE: what is wrong". "-" is standard input.
Result<std::shared_ptr<const soap::Catalog>, Problem> read_catalog(const std::vector<std::string>& files,
                                                                   const schema::Validation& validation);

}  // namespace sfjwt::tools
