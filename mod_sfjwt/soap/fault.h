// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/soap/catalog.h"

namespace sfjwt::soap {

/// Who caused the fault (SOAP 1.1 section 4.4.1, SOAP 1.2 part 1 section 5.4.6).
enum class FaultCode { client, server, version_mismatch, must_understand };

/// A declared fault and its code; its message is the text of the fault.
struct TypedDetail {
  const FaultDetail& declared;
  std::string_view exception_code;
};

/// A fault message in the given version. `text` and `code` are escaped here. `code` begins the faultstring
/// ("SFJ0301: ..."), so that every client shows it. It is also in the detail, since clients with a typed
/// detail show nothing else.
std::string fault_document(SoapVersion version, FaultCode fault_code, std::string_view code,
                           std::string_view text, const std::optional<TypedDetail>& detail = {});

/// A fault with the code of a backend as the backend words it, so that its clients recognise it: the code is
/// the local part of the faultcode (SOAP 1.1) or of a Subcode of Sender (SOAP 1.2), it begins the
/// faultstring, and the detail has the text alone. Without a detail, `namespace_uri` qualifies the code.
std::string backend_fault_document(SoapVersion version, std::string_view code, std::string_view text,
                                   const std::optional<TypedDetail>& detail, std::string_view namespace_uri);

/// The media type of a message in this version, with its charset parameter.
std::string_view content_type(SoapVersion version);

}  // namespace sfjwt::soap
