// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/session_guard.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/soap/envelope.h"

namespace sfjwt::gateway {
namespace {

const soap::Operation* in_wsdl(const soap::Catalog& catalog, const soap::CatalogOperation& operation) {
  const auto& operations = catalog.wsdls()[operation.wsdl].operations;
  const auto found = std::find_if(operations.begin(), operations.end(), [&](const auto& candidate) {
    return candidate.input.local_name == operation.input && candidate.name == operation.name;
  });
  return found == operations.end() ? nullptr : &*found;
}

}  // namespace

const GuardedOperation* guarded_operation(const SessionGuard& guard, const soap::Catalog& catalog,
                                          const soap::CatalogOperation& operation,
                                          const BackendFamily& backend) {
  const auto& operations = backend.guarded_operations;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (operations[i].name != operation.name) continue;
    const bool guarded =
        guard.has(i) && backend.guarded_apis.matches(catalog.namespaces().uri_of(operation.namespace_id));
    return guarded ? &operations[i] : nullptr;
  }
  return nullptr;
}

Refusal refusal_of(const GuardedOperation& operation) {
  return {Reason::session_guarded,
          "Operation " + std::string(operation.name) +
              " is not forwarded: the session belongs to the gateway, and " +
              std::string(operation.consequence) + " (SFJwtSessionGuard).",
          {}};
}

std::string empty_response(const soap::Catalog& catalog, const soap::CatalogOperation& operation,
                           soap::SoapVersion version) {
  std::string document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soapenv:Envelope xmlns:soapenv=\"";
  document.append(soap::namespace_uri(version)).append("\"><soapenv:Body>");
  const soap::Operation* declared = in_wsdl(catalog, operation);
  if (declared && !declared->output.local_name.empty()) {
    document.append("<").append(declared->output.local_name);
    document.append(" xmlns=\"").append(xml_escaped(declared->output.namespace_uri)).append("\"/>");
  }
  return document.append("</soapenv:Body></soapenv:Envelope>");
}

}  // namespace sfjwt::gateway
