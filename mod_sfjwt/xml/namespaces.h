// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sfjwt::xml {

/// A namespace name as a small number; equal numbers mean equal names, except for kUnknownNamespace.
using NamespaceId = std::uint16_t;

inline constexpr NamespaceId kNoNamespace = 0;
inline constexpr NamespaceId kXmlNamespace = 1;    // always bound to the prefix xml
inline constexpr NamespaceId kXmlnsNamespace = 2;  // the namespace of namespace declarations; never bound
inline constexpr NamespaceId kSoap11 = 3;
inline constexpr NamespaceId kSoap12 = 4;
inline constexpr NamespaceId kXsi = 5;
inline constexpr NamespaceId kXsd = 6;
inline constexpr NamespaceId kSecurity = 7;   // WS-Security 1.0 extension
inline constexpr NamespaceId kSignature = 8;  // XML Signature
inline constexpr NamespaceId kUnknownNamespace = 0xffff;

/// The namespace names that a reader has to distinguish: those above and those added, usually from a WSDL.
class Namespaces {
 public:
  Namespaces();
  /// Returns the number of a name, and adds the name if it is new. Configuration time only.
  NamespaceId add(std::string_view uri);
  /// The number of a name, or kUnknownNamespace if it was not added. The empty name is kNoNamespace.
  NamespaceId id_of(std::string_view uri) const;
  const std::string& uri_of(NamespaceId id) const { return uris_[id]; }
  std::size_t size() const { return uris_.size(); }

 private:
  void place(NamespaceId id);

  std::vector<std::string> uris_;
  // Indexed by the hash of the name; at most a quarter full. kUnknownNamespace marks a free slot.
  std::vector<NamespaceId> slots_ = std::vector<NamespaceId>(64, kUnknownNamespace);
};

}  // namespace sfjwt::xml
