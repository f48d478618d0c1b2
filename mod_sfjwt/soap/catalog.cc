// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/catalog.h"

#include <algorithm>
#include <utility>

namespace sfjwt::soap {
namespace {

// FNV-1a over the local name, started with the namespace. The names that are stored come from a WSDL, so
// nobody outside can make the chains long.
std::size_t hash_of(NamespaceId id, std::string_view local) {
  std::uint64_t hash = 14695981039346656037ULL ^ id;
  for (const char c : local) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return static_cast<std::size_t>(hash ^ (hash >> 32));
}

}  // namespace

void Catalog::Index::insert(NamespaceId id, std::string_view local, std::uint16_t value) {
  if (find(id, local)) return;
  if (++used_ * 2 > slots_.size()) grow();
  std::size_t at = hash_of(id, local) & (slots_.size() - 1);
  while (slots_[at].used) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = Slot{std::string(local), id, value, true};
}

std::optional<std::uint16_t> Catalog::Index::find(NamespaceId id, std::string_view local) const {
  std::size_t at = hash_of(id, local) & (slots_.size() - 1);
  for (; slots_[at].used; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].id == id && slots_[at].local == local) return slots_[at].value;
  }
  return std::nullopt;
}

void Catalog::Index::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (Slot& slot : old) {
    if (!slot.used) continue;
    std::size_t at = hash_of(slot.id, slot.local) & (slots_.size() - 1);
    while (slots_[at].used) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = std::move(slot);
  }
}

Result<std::shared_ptr<const Catalog>, WsdlError> Catalog::build(std::vector<Wsdl> wsdls, Mode mode) {
  std::shared_ptr<Catalog> catalog(new Catalog(mode));
  catalog->wsdls_ = std::move(wsdls);
  for (std::size_t i = 0; i < catalog->wsdls_.size(); ++i) {
    const Wsdl& wsdl = catalog->wsdls_[i];
    std::vector<NamespaceId> declared;
    for (const std::string& uri : wsdl.namespaces) declared.push_back(catalog->namespaces_.add(uri));
    catalog->declared_.push_back(std::move(declared));
    catalog->add_header_blocks(wsdl, static_cast<std::uint16_t>(i));
    if (auto error = catalog->add_operations(wsdl, static_cast<std::uint16_t>(i))) return Unexpected{*error};
  }
  return std::shared_ptr<const Catalog>(std::move(catalog));
}

void Catalog::add_header_blocks(const Wsdl& wsdl, std::uint16_t wsdl_index) {
  for (const Operation& operation : wsdl.operations) {
    for (const QName& block : operation.header_blocks) {
      const NamespaceId id = namespaces_.add(block.namespace_uri);
      if (header_index_.find(id, block.local_name)) continue;
      header_index_.insert(id, block.local_name, static_cast<std::uint16_t>(header_blocks_.size()));
      header_blocks_.push_back({id, block.local_name, wsdl_index, block == wsdl.session_header});
    }
  }
}

std::optional<WsdlError> Catalog::add_operations(const Wsdl& wsdl, std::uint16_t wsdl_index) {
  for (const Operation& operation : wsdl.operations) {
    const NamespaceId id = namespaces_.add(operation.input.namespace_uri);
    if (const auto other = operation_index_.find(id, operation.input.local_name)) {
      return WsdlError{wsdl.file, 0,
                       "operation " + operation.name + " has the same input element {" +
                           operation.input.namespace_uri + "}" + operation.input.local_name + " as in " +
                           wsdls_[operations_[*other].wsdl].file + "; configure one of the two"};
    }
    CatalogOperation entry{operation.name,        wsdl_index, id, operation.input.local_name,
                           operation.soap_action, {},         {}};
    for (const QName& block : operation.header_blocks) {
      const auto index = header_index_.find(namespaces_.id_of(block.namespace_uri), block.local_name);
      entry.header_blocks.push_back(*index);
      if (header_blocks_[*index].is_session_header) entry.session_header = *index;
    }
    std::sort(entry.header_blocks.begin(), entry.header_blocks.end());
    operation_index_.insert(id, operation.input.local_name, static_cast<std::uint16_t>(operations_.size()));
    if (!operation.output.local_name.empty()) {
      response_index_.insert(namespaces_.add(operation.output.namespace_uri), operation.output.local_name, 0);
    }
    operations_.push_back(std::move(entry));
  }
  return std::nullopt;
}

const CatalogOperation* Catalog::operation(const Name& input) const {
  const auto index = operation_index_.find(input.namespace_id, input.local);
  return index ? &operations_[*index] : nullptr;
}

const CatalogOperation* Catalog::operation_named(std::string_view name) const {
  const auto found =
      std::find_if(operations_.begin(), operations_.end(),
                   [name](const CatalogOperation& operation) { return operation.name == name; });
  return found == operations_.end() ? nullptr : &*found;
}

std::optional<std::uint16_t> Catalog::find_header_block(const Name& name) const {
  return header_index_.find(name.namespace_id, name.local);
}

bool Catalog::is_response(const Name& name) const {
  return response_index_.find(name.namespace_id, name.local).has_value();
}

bool Catalog::declares(std::uint16_t wsdl, NamespaceId id) const {
  const auto& ids = declared_[wsdl];
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool Catalog::binds(SoapVersion version) const {
  return std::any_of(wsdls_.begin(), wsdls_.end(), [version](const Wsdl& wsdl) {
    return version == SoapVersion::v1_1 ? wsdl.soap11 : wsdl.soap12;
  });
}

}  // namespace sfjwt::soap
