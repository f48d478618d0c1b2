// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/schema/validation.h"
#include "mod_sfjwt/soap/backend_names.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/xml/name.h"
#include "mod_sfjwt/xml/name_table.h"
#include "mod_sfjwt/xml/namespaces.h"

namespace sfjwt::soap {

enum class SoapVersion : std::uint8_t { v1_1, v1_2 };

/// An operation that a request can contain.
struct CatalogOperation {
  std::string name;
  std::uint16_t wsdl = 0;                             // index of its WSDL in the catalog
  xml::NamespaceId namespace_id = xml::kNoNamespace;  // of its input element
  std::string input;                                  // local name of the input element
  std::string soap_action;
  std::vector<std::uint16_t> header_blocks;     // indexes of the header blocks declared for it, sorted
  std::optional<std::uint16_t> session_header;  // index of its session header, if it has one
};

/// A header block that some operation declares.
struct CatalogHeaderBlock {
  xml::NamespaceId namespace_id = xml::kNoNamespace;
  std::string name;
  std::uint16_t wsdl = 0;
  bool is_session_header = false;
};

/// The operations and header blocks of all WSDLs of one section, with look-up by expanded name; immutable,
/// shared by all threads.
class Catalog {
 public:
  /// Compiles the schemas of the WSDLs and adds the namespaces that they use.
  using CompileSchema = std::function<Result<schema::CompiledSchema, WsdlError>(std::span<const Wsdl> wsdls,
                                                                                xml::Namespaces& namespaces)>;

  /// Builds the catalog of the WSDLs. It is an error if two of them have an operation with the same input
  /// element. Without `compile`, messages are validated only against the rules of the envelope. To read WSDL
  /// files, use wsdl/catalog_loader.h.
  static Result<std::shared_ptr<const Catalog>, WsdlError> build(std::vector<Wsdl> wsdls,
                                                                 const BackendNames& names, schema::Mode mode,
                                                                 const CompileSchema& compile = {});

  const xml::Namespaces& namespaces() const { return namespaces_; }
  const BackendNames& names() const { return names_; }
  schema::Mode mode() const { return mode_; }
  /// nullptr if messages are not validated against the schemas.
  const schema::Schema* schema() const { return schema_.get(); }
  /// Non-fatal findings for the administrator, one line each.
  const std::vector<std::string>& warnings() const { return warnings_; }
  const std::vector<Wsdl>& wsdls() const { return wsdls_; }
  const std::vector<CatalogOperation>& operations() const { return operations_; }
  const CatalogHeaderBlock& header_block(std::uint16_t index) const { return header_blocks_[index]; }

  const CatalogOperation* operation(const xml::Name& input) const;
  const CatalogOperation* operation_named(std::string_view name) const;
  std::optional<std::uint16_t> find_header_block(const xml::Name& name) const;
  /// Whether a name is the output element of some operation: the request would be a response.
  bool is_response(const xml::Name& name) const;
  /// Whether the WSDL has inline schemas for this namespace.
  bool declares(std::uint16_t wsdl, xml::NamespaceId id) const;
  bool binds(SoapVersion version) const;

 private:
  Catalog(const BackendNames& names, schema::Mode mode) : names_(names), mode_(mode) {}
  std::optional<WsdlError> add(std::vector<Wsdl> wsdls);
  void add_header_blocks(const Wsdl& wsdl, std::uint16_t wsdl_index);
  std::optional<WsdlError> add_operations(const Wsdl& wsdl, std::uint16_t wsdl_index);

  BackendNames names_;
  schema::Mode mode_;
  xml::Namespaces namespaces_;
  std::shared_ptr<const schema::Schema> schema_;
  std::vector<std::string> warnings_;
  std::vector<Wsdl> wsdls_;
  std::vector<CatalogOperation> operations_;
  std::vector<CatalogHeaderBlock> header_blocks_;
  std::vector<std::vector<xml::NamespaceId>> declared_;  // per WSDL
  xml::NameTable<std::uint16_t> operation_index_;
  xml::NameTable<std::uint16_t> header_index_;
  xml::NameTable<std::uint16_t> response_index_;
};

}  // namespace sfjwt::soap
