// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/document_error.h"
#include "mod_sfjwt/soap/session_place.h"
#include "mod_sfjwt/xml/limits.h"

namespace sfjwt::soap {

/// What the gateway has to know of a request it accepts; points into the catalog, spans are of the body.
struct Envelope {
  SoapVersion version = SoapVersion::v1_1;
  const CatalogOperation* operation = nullptr;
  const Wsdl* wsdl = nullptr;
  SessionPlace session;
  std::optional<DocumentError> violation;  // mode report: where the schema is violated
};

/// The namespace of Envelope, Header and Body.
std::string_view namespace_uri(SoapVersion version);

/// Reads one request in a single pass over its bytes: well-formed and within the limits, a SOAP envelope as
/// the WSDL binds it (SOAP 1.1 section 4, SOAP 1.2 part 1 section 5), a known operation, header blocks that
/// belong to it, at most one session header. Linear in the bytes for every input, without allocation for an
/// accepted one.
Result<Envelope, DocumentError> read_envelope(std::string_view body, const Catalog& catalog,
                                              const xml::Limits& limits);

/// The text of an accepted session id as an XML processor reports it; empty when there is none.
std::string session_id(std::string_view body, const SessionPlace& session);

/// The SOAP version a refused body began with, for the fault: 1.1 unless its first element is an Envelope of
/// SOAP 1.2.
SoapVersion version_of(std::string_view body, const xml::Limits& limits);

}  // namespace sfjwt::soap
