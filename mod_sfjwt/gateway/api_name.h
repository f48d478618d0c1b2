// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/gateway/backend_family.h"
#include "mod_sfjwt/soap/service_description.h"

namespace sfjwt::gateway {

/// What the backend calls the API of a target namespace: "partner API", "Apex class Invoices"; empty for a
/// namespace that is none of its.
std::string api_of_namespace(std::string_view uri, const BackendFamily& backend);

/// The namespace of the messages of a WSDL.
const std::string& namespace_of(const soap::Wsdl& wsdl);

/// The version in the address of a WSDL, "66.0"; empty where it has none, as in those of Apex classes.
std::string api_version(const soap::Wsdl& wsdl, const BackendFamily& backend);

/// "partner API 66.0"; empty when neither is known.
std::string api_of(const soap::Wsdl& wsdl, const BackendFamily& backend);

/// A WSDL in a few words: "partner API 66.0, partner.wsdl". Of its path only the name of the file: callers
/// read it.
std::string description_of(const soap::Wsdl& wsdl, const BackendFamily& backend);

}  // namespace sfjwt::gateway
