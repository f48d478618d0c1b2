// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/namespaces.h"

#include <stdexcept>

namespace sfjwt::soap {

Namespaces::Namespaces()
    : uris_{"",
            "http://www.w3.org/XML/1998/namespace",
            "http://www.w3.org/2000/xmlns/",
            "http://schemas.xmlsoap.org/soap/envelope/",
            "http://www.w3.org/2003/05/soap-envelope",
            "http://www.w3.org/2001/XMLSchema-instance",
            "http://www.w3.org/2001/XMLSchema",
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
            "http://www.w3.org/2000/09/xmldsig#"} {}

NamespaceId Namespaces::add(std::string_view uri) {
  if (const NamespaceId known = id_of(uri); known != kUnknownNamespace) return known;
  if (uris_.size() >= kUnknownNamespace) throw std::length_error("too many namespaces");
  uris_.emplace_back(uri);
  return static_cast<NamespaceId>(uris_.size() - 1);
}

// A handful of names, told apart by their lengths mostly; asked once for each declaration in a document.
NamespaceId Namespaces::id_of(std::string_view uri) const {
  for (std::size_t i = 0; i < uris_.size(); ++i) {
    if (uris_[i] == uri) return static_cast<NamespaceId>(i);
  }
  return kUnknownNamespace;
}

}  // namespace sfjwt::soap
