// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/namespaces.h"
#include "mod_sfjwt/soap/scanner.h"
#include "mod_sfjwt/soap/wsdl.h"

namespace sfjwt::soap {

enum class SoapVersion : std::uint8_t { v1_1, v1_2 };

/// How strictly messages are held to the WSDL (SFJwtValidate).
enum class Mode : std::uint8_t { strict, tolerant, report, structure };

/// An operation a request may name.
struct CatalogOperation {
  std::string name;
  std::uint16_t wsdl = 0;                   // index of its WSDL in the catalog
  NamespaceId namespace_id = kNoNamespace;  // of its input element
  std::string input;                        // local name of its input element
  std::string soap_action;
  std::vector<std::uint16_t> header_blocks;     // indices of the header blocks declared for it, sorted
  std::optional<std::uint16_t> session_header;  // index of its SessionHeader, if it takes a session
};

/// A header block that some operation declares.
struct CatalogHeaderBlock {
  NamespaceId namespace_id = kNoNamespace;
  std::string name;
  std::uint16_t wsdl = 0;
  bool is_session_header = false;
};

/// The operations and header blocks of all WSDLs of one section, looked up by expanded name; immutable,
/// shared by all threads.
class Catalog {
 public:
  /// The error names both files when two of them have an operation with the same input element.
  static Result<std::shared_ptr<const Catalog>, WsdlError> build(std::vector<Wsdl> wsdls, Mode mode);

  const Namespaces& namespaces() const { return namespaces_; }
  Mode mode() const { return mode_; }
  const std::vector<Wsdl>& wsdls() const { return wsdls_; }
  const std::vector<CatalogOperation>& operations() const { return operations_; }
  const CatalogHeaderBlock& header_block(std::uint16_t index) const { return header_blocks_[index]; }

  const CatalogOperation* operation(const Name& input) const;
  const CatalogOperation* operation_named(std::string_view name) const;
  std::optional<std::uint16_t> find_header_block(const Name& name) const;
  /// Whether a name is the output element of some operation: a response that came as a request.
  bool is_response(const Name& name) const;
  /// Whether the WSDL has inline schemas for this namespace.
  bool declares(std::uint16_t wsdl, NamespaceId id) const;
  bool binds(SoapVersion version) const;

 private:
  // Names to indices; open addressing, at most half full.
  class Index {
   public:
    void insert(NamespaceId id, std::string_view local, std::uint16_t value);
    std::optional<std::uint16_t> find(NamespaceId id, std::string_view local) const;

   private:
    struct Slot {
      std::string local;
      NamespaceId id = 0;
      std::uint16_t value = 0;
      bool used = false;
    };
    void grow();
    std::vector<Slot> slots_ = std::vector<Slot>(16);
    std::size_t used_ = 0;
  };

  explicit Catalog(Mode mode) : mode_(mode) {}
  void add_header_blocks(const Wsdl& wsdl, std::uint16_t wsdl_index);
  std::optional<WsdlError> add_operations(const Wsdl& wsdl, std::uint16_t wsdl_index);

  Mode mode_;
  Namespaces namespaces_;
  std::vector<Wsdl> wsdls_;
  std::vector<CatalogOperation> operations_;
  std::vector<CatalogHeaderBlock> header_blocks_;
  std::vector<std::vector<NamespaceId>> declared_;  // per WSDL
  Index operation_index_;
  Index header_index_;
  Index response_index_;
};

}  // namespace sfjwt::soap
