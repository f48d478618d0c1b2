// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_sfjwt/soap/backend_names.h"
#include "mod_sfjwt/soap/service_description.h"
#include "mod_sfjwt/wsdl/declarations.h"

namespace sfjwt::wsdl {

/// Fills wsdl.fault_details from the faults of its operations. A fault that requires more than a code and a
/// message, or has an unsupported form, is left out: the details only improve the gateway's own faults.
void enter_fault_details(const Declarations& declared, const soap::BackendNames& names, soap::Wsdl& wsdl);

}  // namespace sfjwt::wsdl
