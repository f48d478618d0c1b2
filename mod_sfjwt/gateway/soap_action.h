// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_sfjwt/soap/catalog.h"

namespace sfjwt::gateway {

enum class ActionVerdict {
  agrees,       // it is empty, names this operation, or none that is known
  names_other,  // it names another operation
  unreadable,   // it is no single action, so that readers may differ about what it names
};

/// Whether the value of a SOAPAction header, or of the parameter action of a media type, goes together with
/// the operation in Body.
///
///   action    = [ reference / <"> [ reference ] <"> / "''" ]
///   reference = 1*1024( ALPHA / DIGIT / "-" / "." / "_" / "~" / ":" / "/" / "?" / "#" / "[" / "]" / "@"
///                       / "!" / "$" / "&" / "(" / ")" / "*" / "+" / "=" )
///
/// That is a URI (RFC 3986) as SOAP 1.1 section 6.1.1 has it, without what lets readers differ: percent
/// encoding, comma, semicolon and single quotes. It names an operation when any word of it, a run of letters,
/// digits, "-" and "_", is the name of one, whatever its case, or when it is the soapAction that the WSDL
/// declares for it.
ActionVerdict judge_action(std::string_view action, const soap::Catalog& catalog,
                           const soap::CatalogOperation& operation);

}  // namespace sfjwt::gateway
