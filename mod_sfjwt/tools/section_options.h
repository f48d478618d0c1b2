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

/// The limits on a document, as set by SFJwtXmlLimits and SFJwtMaxBody.
struct DocumentLimits {
  xml::Limits xml;
  std::size_t bytes = kDefaultMessageBytes;
};
void add_limits(CLI::App& command, DocumentLimits& limits);

/// How strictly requests are validated, as set by SFJwtValidate.
struct ValidationOptions {
  std::string mode = "tolerant";
  std::vector<std::string> switched_off;  // relaxations

  /// Fails if a relaxation is disabled in a mode that has none.
  Result<schema::Validation, Problem> validation() const;
};
void add_validation(CLI::App& command, ValidationOptions& options);

/// Adds --wsdl, which is required and can be repeated.
void add_wsdls(CLI::App& command, std::vector<std::string>& files);

/// The catalog of these WSDL files, as for a section with the same SFJwtWsdl; "-" is standard input. The
/// error has the form "FILE:LINE: message".
Result<std::shared_ptr<const soap::Catalog>, Problem> read_catalog(const std::vector<std::string>& files,
                                                                   const schema::Validation& validation);

}  // namespace sfjwt::tools
