// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mod_sfjwt/soap/session_place.h"
#include "mod_sfjwt/xml/location.h"

namespace sfjwt::soap {

struct CatalogOperation;

/// A session header or an operation that the WSDLs do not know by this expanded name. Both names are as the
/// document has them, of any length: they are cut and escaped where they are shown.
struct ForeignElement {
  std::string namespace_uri;
  std::string local_name;
  std::optional<std::uint16_t> wsdl = {};  // index in the catalog: it had to be of this one
};

/// The first violation in a document, and what was read of the message before it.
struct DocumentError : xml::LocatedViolation {
  std::optional<ForeignElement> foreign = {};   // where that is what is wrong
  const CatalogOperation* operation = nullptr;  // of the catalog
  SessionPlace session = {};                    // as read_envelope() gives it
};

}  // namespace sfjwt::soap
