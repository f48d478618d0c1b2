// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/soap/catalog.h"

namespace sfjwt::gateway {

/// What the Content-Type of a request says.
struct MediaType {
  soap::SoapVersion version;
  std::optional<std::string_view> action;  // the parameter of that name (RFC 3902), quotes included
};

/// The media type of a request: text/xml (SOAP 1.1) or application/soap+xml (1.2), charset absent or
/// UTF-8/US-ASCII (RFC 7303, RFC 3902). Parameters are those of RFC 9110 section 8.3.1; one without a value
/// is skipped. A missing Content-Type is refused, and so is a second action. The error names what was sent.
Result<MediaType, Refusal> media_type(std::string_view content_type);

}  // namespace sfjwt::gateway
