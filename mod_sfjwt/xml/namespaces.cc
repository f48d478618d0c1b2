// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/namespaces.h"

#include <stdexcept>

#include "mod_sfjwt/xml/byte_scan.h"

namespace sfjwt::xml {
namespace {

// Hashes the length and the last bytes, in which namespace names differ most. A look-up only passes names of
// a WSDL, so a sender cannot make it long.
std::size_t hash_of(std::string_view uri) {
  std::uint64_t tail = 0;
  if (uri.size() >= sizeof tail) std::memcpy(&tail, uri.data() + uri.size() - sizeof tail, sizeof tail);
  return static_cast<std::size_t>((tail ^ uri.size() << 56) * 0x9E3779B97F4A7C15ULL >> 40);
}

}  // namespace

Namespaces::Namespaces() {
  for (const char* uri :
       {"", "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/",
        "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope",
        "http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/2001/XMLSchema",
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
        "http://www.w3.org/2000/09/xmldsig#"})
    add(uri);
}

NamespaceId Namespaces::add(std::string_view uri) {
  if (const NamespaceId known = id_of(uri); known != kUnknownNamespace) return known;
  if (uris_.size() >= kUnknownNamespace) throw std::length_error("too many namespaces");
  uris_.emplace_back(uri);
  if (uris_.size() * 4 > slots_.size()) {
    slots_.assign(slots_.size() * 2, kUnknownNamespace);
    for (std::size_t i = 0; i < uris_.size(); ++i) place(static_cast<NamespaceId>(i));
  } else {
    place(static_cast<NamespaceId>(uris_.size() - 1));
  }
  return static_cast<NamespaceId>(uris_.size() - 1);
}

void Namespaces::place(NamespaceId id) {
  std::size_t at = hash_of(uris_[id]) % slots_.size();
  while (slots_[at] != kUnknownNamespace) at = (at + 1) % slots_.size();
  slots_[at] = id;
}

NamespaceId Namespaces::id_of(std::string_view uri) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash_of(uri) & mask;; at = (at + 1) & mask) {
    const NamespaceId id = slots_[at];
    if (id == kUnknownNamespace || same_text(uris_[id], uri)) return id;
  }
}

}  // namespace sfjwt::xml
