// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/gateway/backend_family.h"

namespace sfjwt::gateway {

/// Salesforce, as its WSDLs and its documentation describe it.
inline constexpr BackendFamily kSalesforce{
    .exceptions = {.media_type = "UNSUPPORTED_MEDIA_TYPE",
                   .size = "EXCEEDED_MAX_SIZE_REQUEST",
                   .xml = "XML_PARSER_ERROR",
                   .header = "INVALID_SOAP_HEADER",
                   .operation = "INVALID_OPERATION",
                   .login = "INVALID_LOGIN",
                   .access = "INSUFFICIENT_ACCESS",
                   .unavailable = "SERVER_UNAVAILABLE",
                   .unknown = "UNKNOWN_EXCEPTION"},
    .default_fault = "UnexpectedErrorFault",
};

}  // namespace sfjwt::gateway
