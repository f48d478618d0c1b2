// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/catalog_loader.h"

#include <span>
#include <stdexcept>
#include <utility>

#include "mod_sfjwt/soap/document.h"
#include "mod_sfjwt/soap/schema_compiler.h"
#include "mod_sfjwt/soap/service_reader.h"

namespace sfjwt::soap {

Result<std::shared_ptr<const Catalog>, WsdlError> load_catalog(
    const std::vector<std::filesystem::path>& files, const Validation& validation) try {
  std::vector<WsdlDocument> documents;
  std::vector<Wsdl> wsdls;
  for (const auto& file : files) {
    auto document = open_wsdl(file);
    if (!document) return Unexpected{document.error()};
    auto wsdl = read_wsdl(*document);
    if (!wsdl) return Unexpected{wsdl.error()};
    documents.push_back(std::move(*document));
    wsdls.push_back(std::move(*wsdl));
  }
  if (validation.mode == Mode::structure) return Catalog::build(std::move(wsdls), validation.mode);
  const auto relaxations = validation.mode == Mode::strict ? Relaxations::none() : validation.relaxations;
  return Catalog::build(std::move(wsdls), validation.mode,
                        [&](std::span<const Wsdl> described, Namespaces& namespaces) {
                          return compile_schema(documents, described, namespaces, relaxations);
                        });
} catch (const std::length_error&) {  // Namespaces::add
  return Unexpected{
      WsdlError{files.front().string(), 0, "the WSDLs name more namespaces than are taken (65,534)"}};
}

}  // namespace sfjwt::soap
