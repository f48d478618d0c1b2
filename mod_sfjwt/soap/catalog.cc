// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/catalog.h"

#include <algorithm>
#include <utility>

namespace sfjwt::soap {

Result<std::shared_ptr<const Catalog>, WsdlError> Catalog::build(std::vector<Wsdl> wsdls,
                                                                 const BackendNames& names, schema::Mode mode,
                                                                 const CompileSchema& compile) {
  std::shared_ptr<Catalog> catalog(new Catalog(names, mode));
  if (auto error = catalog->add(std::move(wsdls))) return Unexpected{*error};
  if (compile) {
    auto compiled = compile(catalog->wsdls_, catalog->namespaces_);
    if (!compiled) return Unexpected{compiled.error()};
    catalog->schema_ = std::move(compiled->schema);
    catalog->warnings_.insert(catalog->warnings_.end(), compiled->warnings.begin(), compiled->warnings.end());
  }
  return std::shared_ptr<const Catalog>(std::move(catalog));
}

std::optional<WsdlError> Catalog::add(std::vector<Wsdl> wsdls) {
  wsdls_ = std::move(wsdls);
  for (std::size_t i = 0; i < wsdls_.size(); ++i) {
    const Wsdl& wsdl = wsdls_[i];
    std::vector<xml::NamespaceId> declared;
    for (const std::string& uri : wsdl.namespaces) declared.push_back(namespaces_.add(uri));
    declared_.push_back(std::move(declared));
    for (const std::string& warning : wsdl.warnings) warnings_.push_back(wsdl.file + ": " + warning);
    add_header_blocks(wsdl, static_cast<std::uint16_t>(i));
    if (auto error = add_operations(wsdl, static_cast<std::uint16_t>(i))) return error;
  }
  return std::nullopt;
}

void Catalog::add_header_blocks(const Wsdl& wsdl, std::uint16_t wsdl_index) {
  for (const Operation& operation : wsdl.operations) {
    for (const xml::QName& block : operation.header_blocks) {
      const xml::NamespaceId id = namespaces_.add(block.namespace_uri);
      if (header_index_.find({id, block.local_name})) continue;
      header_index_.insert({id, block.local_name}, static_cast<std::uint16_t>(header_blocks_.size()));
      header_blocks_.push_back({id, block.local_name, wsdl_index, block == wsdl.session_header});
    }
  }
}

std::optional<WsdlError> Catalog::add_operations(const Wsdl& wsdl, std::uint16_t wsdl_index) {
  for (const Operation& operation : wsdl.operations) {
    const xml::NamespaceId id = namespaces_.add(operation.input.namespace_uri);
    if (const auto* other = operation_index_.find({id, operation.input.local_name})) {
      return WsdlError{wsdl.file, 0,
                       "operation " + operation.name + " has the same input element {" +
                           operation.input.namespace_uri + "}" + operation.input.local_name + " as in " +
                           wsdls_[operations_[*other].wsdl].file + "; configure one of the two"};
    }
    CatalogOperation entry{operation.name,        wsdl_index, id, operation.input.local_name,
                           operation.soap_action, {},         {}};
    for (const xml::QName& block : operation.header_blocks) {
      const auto* index = header_index_.find({namespaces_.id_of(block.namespace_uri), block.local_name});
      entry.header_blocks.push_back(*index);
      if (header_blocks_[*index].is_session_header) entry.session_header = *index;
    }
    std::sort(entry.header_blocks.begin(), entry.header_blocks.end());
    operation_index_.insert({id, operation.input.local_name}, static_cast<std::uint16_t>(operations_.size()));
    if (!operation.output.local_name.empty()) {
      response_index_.insert({namespaces_.add(operation.output.namespace_uri), operation.output.local_name},
                             0);
    }
    operations_.push_back(std::move(entry));
  }
  return std::nullopt;
}

const CatalogOperation* Catalog::operation(const xml::Name& input) const {
  const auto* index = operation_index_.find(input);
  return index ? &operations_[*index] : nullptr;
}

const CatalogOperation* Catalog::operation_named(std::string_view name) const {
  const auto found =
      std::find_if(operations_.begin(), operations_.end(),
                   [name](const CatalogOperation& operation) { return operation.name == name; });
  return found == operations_.end() ? nullptr : &*found;
}

std::optional<std::uint16_t> Catalog::find_header_block(const xml::Name& name) const {
  const auto* index = header_index_.find(name);
  if (!index) return std::nullopt;
  return *index;
}

bool Catalog::is_response(const xml::Name& name) const {
  return response_index_.find(name) != nullptr;
}

bool Catalog::declares(std::uint16_t wsdl, xml::NamespaceId id) const {
  const auto& ids = declared_[wsdl];
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool Catalog::binds(SoapVersion version) const {
  return std::any_of(wsdls_.begin(), wsdls_.end(), [version](const Wsdl& wsdl) {
    return version == SoapVersion::v1_1 ? wsdl.soap11 : wsdl.soap12;
  });
}

}  // namespace sfjwt::soap
