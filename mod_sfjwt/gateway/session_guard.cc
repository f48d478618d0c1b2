// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/session_guard.h"

#include <algorithm>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/soap/envelope.h"

namespace sfjwt::gateway {
namespace {

// urn:partner.soap.sforce.com and its sisters.
bool is_salesforce_api(std::string_view namespace_uri) {
  return namespace_uri.starts_with("urn:") && namespace_uri.ends_with(".soap.sforce.com");
}

const soap::Operation* in_wsdl(const soap::Catalog& catalog, const soap::CatalogOperation& operation) {
  const auto& operations = catalog.wsdls()[operation.wsdl].operations;
  const auto found = std::find_if(operations.begin(), operations.end(), [&](const auto& candidate) {
    return candidate.input.local_name == operation.input && candidate.name == operation.name;
  });
  return found == operations.end() ? nullptr : &*found;
}

}  // namespace

const GuardedOperation* guarded_operation(const SessionGuard& guard, const soap::Catalog& catalog,
                                          const soap::CatalogOperation& operation) {
  const auto named =
      std::find_if(kGuardedOperations.begin(), kGuardedOperations.end(),
                   [&](const GuardedOperation& candidate) { return candidate.name == operation.name; });
  if (named == kGuardedOperations.end() || !(guard.*(named->member))) return nullptr;
  return is_salesforce_api(catalog.namespaces().uri_of(operation.namespace_id)) ? &*named : nullptr;
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
