// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tools/catalog_files.h"

namespace sfjwt::tools {

std::optional<soap::Mode> mode_named(std::string_view name) {
  if (name == "strict") return soap::Mode::strict;
  if (name == "tolerant") return soap::Mode::tolerant;
  if (name == "report") return soap::Mode::report;
  if (name == "structure") return soap::Mode::structure;
  return std::nullopt;
}

std::string sentence(const soap::WsdlError& error) {
  const std::string place = error.line > 0 ? ":" + std::to_string(error.line) : "";
  return error.file + place + ": " + error.message;
}

Result<std::shared_ptr<const soap::Catalog>, std::string> read_catalog(const std::vector<std::string>& files,
                                                                       soap::Mode mode) {
  auto catalog = soap::Catalog::load({files.begin(), files.end()}, {mode, soap::Relaxations::all()});
  if (!catalog) return Unexpected{sentence(catalog.error())};
  return *std::move(catalog);
}

}  // namespace sfjwt::tools
