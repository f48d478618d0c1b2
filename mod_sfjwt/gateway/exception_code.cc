// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/exception_code.h"

#include <algorithm>
#include <string>
#include <vector>

namespace sfjwt::gateway {
namespace {

using soap::FaultDetail;
using soap::Wsdl;

// A WSDL is named by a body that uses its namespace; which one is meant is open when there are several.
const Wsdl* wsdl_of(std::string_view body, const soap::Catalog& catalog) {
  const std::vector<Wsdl>& wsdls = catalog.wsdls();
  if (wsdls.size() == 1) return &wsdls.front();
  const auto named = std::find_if(wsdls.begin(), wsdls.end(), [body](const Wsdl& wsdl) {
    const std::string& uri = wsdl.target_namespace;
    return body.find('"' + uri + '"') != std::string_view::npos ||
           body.find('\'' + uri + '\'') != std::string_view::npos;
  });
  return named == wsdls.end() ? nullptr : &*named;
}

// A code this fault can carry; empty if it has none that would say something true.
std::string_view code_for(const FaultDetail& fault, std::string_view wanted, const BackendFamily& backend) {
  for (const std::string_view code : {wanted, backend.exceptions.unknown})
    if (fault.codes.empty() || std::binary_search(fault.codes.begin(), fault.codes.end(), code)) return code;
  return {};
}

// Whether `fault` is among what the operation declares; everything is when that is not known.
bool is_declared(const FaultDetail& fault, const soap::Operation* operation) {
  if (!operation) return true;
  const auto& faults = operation->faults;
  return std::find(faults.begin(), faults.end(), fault.element) != faults.end();
}

std::optional<soap::TypedDetail> detail_in(const Wsdl& wsdl, const soap::Operation* operation,
                                           std::string_view wanted, const BackendFamily& backend) {
  const bool login = operation && operation->name == backend.names.login.login;
  const std::string_view best = login ? backend.names.login.fault : backend.default_fault;
  std::optional<soap::TypedDetail> found;
  for (const FaultDetail& fault : wsdl.fault_details) {
    const std::string_view code = code_for(fault, wanted, backend);
    if (code.empty() || !is_declared(fault, operation)) continue;
    const bool usual = fault.element.local_name == best;
    if (usual || !found) found.emplace(soap::TypedDetail{fault, code});
    if (usual) break;
  }
  return found;
}

}  // namespace

std::optional<soap::TypedDetail> typed_detail(Reason reason, const soap::Catalog& catalog,
                                              const soap::CatalogOperation* operation, std::string_view body,
                                              const BackendFamily& backend) {
  if (reason == Reason::version_mismatch || reason == Reason::must_understand) return std::nullopt;
  const Wsdl* wsdl = operation ? &catalog.wsdls()[operation->wsdl] : wsdl_of(body, catalog);
  if (!wsdl) return std::nullopt;
  const std::string_view wanted = reason == Reason::handle_not_valid
                                      ? backend.session_over
                                      : backend.exceptions.*row_of(reason).exception;
  if (operation) {
    const auto& operations = wsdl->operations;
    const auto own = std::find_if(operations.begin(), operations.end(), [operation](const auto& candidate) {
      return candidate.name == operation->name;
    });
    if (own != operations.end())
      if (auto detail = detail_in(*wsdl, &*own, wanted, backend)) return detail;
  }
  return detail_in(*wsdl, nullptr, wanted, backend);
}

}  // namespace sfjwt::gateway
