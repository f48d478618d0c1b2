// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/soap/catalog.h"

namespace sfjwt::soap {

/// Whose fault it is (SOAP 1.1 section 4.4.1, SOAP 1.2 part 1 section 5.4.6).
enum class FaultCode { client, server, version_mismatch, must_understand };

/// A declared fault and the code to fill it with; its message is the text of the fault.
struct TypedDetail {
  const FaultDetail& declared;
  std::string_view exception_code;
};

/// A fault message in the given version. `text` and `code` are escaped here; `code` stands first in the
/// faultstring ("SFJ0301: ...") so that it is seen in every client, and in the detail too, since clients that
/// find a typed detail show nothing else.
std::string fault_document(SoapVersion version, FaultCode fault_code, std::string_view code,
                           std::string_view text, const std::optional<TypedDetail>& detail = {});

/// The media type a message of this version is sent as, with its charset parameter.
std::string_view content_type(SoapVersion version);

}  // namespace sfjwt::soap
