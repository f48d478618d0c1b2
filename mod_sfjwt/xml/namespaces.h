// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sfjwt::xml {

/// A namespace name as a small number; equal numbers are equal names, but for kUnknownNamespace.
using NamespaceId = std::uint16_t;

inline constexpr NamespaceId kNoNamespace = 0;
inline constexpr NamespaceId kXmlNamespace = 1;    // bound to the prefix xml, always
inline constexpr NamespaceId kXmlnsNamespace = 2;  // of the namespace declarations themselves; never bound
inline constexpr NamespaceId kSoap11 = 3;
inline constexpr NamespaceId kSoap12 = 4;
inline constexpr NamespaceId kXsi = 5;
inline constexpr NamespaceId kXsd = 6;
inline constexpr NamespaceId kSecurity = 7;   // WS-Security 1.0 extension
inline constexpr NamespaceId kSignature = 8;  // XML Signature
inline constexpr NamespaceId kUnknownNamespace = 0xffff;

/// The namespace names a reader has to tell apart: those above and what add() brought, usually those of a
/// WSDL.
class Namespaces {
 public:
  Namespaces();
  /// The number of a name; adds it if it is new. Configuration time only.
  NamespaceId add(std::string_view uri);
  /// The number of a name, kUnknownNamespace if nobody added it. The empty name is kNoNamespace.
  NamespaceId id_of(std::string_view uri) const;
  const std::string& uri_of(NamespaceId id) const { return uris_[id]; }
  std::size_t size() const { return uris_.size(); }

 private:
  void place(NamespaceId id);

  std::vector<std::string> uris_;
  std::vector<NamespaceId> slots_ = std::vector<NamespaceId>(
      64, kUnknownNamespace);  // by the hash of the name: at most a quarter full, or kUnknownNamespace
};

}  // namespace sfjwt::xml
