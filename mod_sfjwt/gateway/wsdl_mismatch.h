// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_sfjwt/gateway/backend_family.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/document_error.h"

namespace sfjwt::gateway {

/// Why the WSDLs of a section do not know a session header or an operation, and what to do about it, as
/// sentences to follow the error: the namespace found, those of the WSDLs with their API, version and file
/// name, or that it is the version or the case of the name that differs. Names of the request are cut and
/// escaped.
std::string wsdl_mismatch(const soap::ForeignElement& element, const soap::Catalog& catalog,
                          const BackendFamily& backend);

}  // namespace sfjwt::gateway
