// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/catalog_loader.h"

#include <span>
#include <stdexcept>
#include <utility>

#include "mod_sfjwt/wsdl/compiler/schema_compiler.h"
#include "mod_sfjwt/wsdl/document.h"
#include "mod_sfjwt/wsdl/service_reader.h"

namespace sfjwt::wsdl {

Result<std::shared_ptr<const soap::Catalog>, soap::WsdlError> load_catalog(
    const std::vector<std::filesystem::path>& files, const schema::Validation& validation,
    const soap::BackendNames& names) try {
  std::vector<WsdlDocument> documents;
  std::vector<soap::Wsdl> wsdls;
  for (const auto& file : files) {
    auto document = open_wsdl(file);
    if (!document) return Unexpected{document.error()};
    auto wsdl = read_wsdl(*document, names);
    if (!wsdl) return Unexpected{wsdl.error()};
    documents.push_back(std::move(*document));
    wsdls.push_back(std::move(*wsdl));
  }
  if (validation.mode == schema::Mode::structure)
    return soap::Catalog::build(std::move(wsdls), names, validation.mode);
  const bool strict = validation.mode == schema::Mode::strict;
  const schema::Tolerance tolerance{strict ? schema::Relaxations::none() : validation.relaxations,
                                    names.relaxed};
  return soap::Catalog::build(std::move(wsdls), names, validation.mode,
                              [&](std::span<const soap::Wsdl> described, xml::Namespaces& namespaces) {
                                return compile_schema(documents, described, namespaces, tolerance);
                              });
} catch (const std::length_error&) {  // from Namespaces::add
  return Unexpected{soap::WsdlError{files.front().string(), 0,
                                    "the WSDLs name more namespaces than are supported (65,534)"}};
}

}  // namespace sfjwt::wsdl
