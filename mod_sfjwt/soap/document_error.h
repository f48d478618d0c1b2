// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mod_sfjwt/soap/session_place.h"
#include "mod_sfjwt/xml/location.h"

namespace sfjwt::soap {

struct CatalogOperation;

/// A session header or an operation whose expanded name is not in the WSDLs. Both names are unmodified names
/// of the document, of any length: shorten and escape them for output.
struct ForeignElement {
  std::string namespace_uri;
  std::string local_name;
  std::optional<std::uint16_t> wsdl = {};  // index in the catalog of the WSDL that was required
};

/// The first violation in a document, and what was read of the message before it.
struct DocumentError : xml::LocatedViolation {
  std::optional<ForeignElement> foreign = {};   // set if this is the violation
  const CatalogOperation* operation = nullptr;  // of the catalog
  SessionPlace session = {};                    // as read_envelope() gives it
};

}  // namespace sfjwt::soap
