// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/exception_code.h"

#include <algorithm>
#include <string>
#include <vector>

namespace sfjwt::gateway {
namespace {

using soap::FaultDetail;
using soap::Wsdl;

constexpr std::string_view kUnknown = "UNKNOWN_EXCEPTION";
constexpr std::string_view kDefaultFault = "UnexpectedErrorFault";

// The one of Salesforce's codes that comes nearest. SERVER_UNAVAILABLE invites to try again, so it is for
// what has certainly not been executed.
std::string_view exception_code(Reason reason) {
  switch (reason) {
    case Reason::unsupported_media_type:
    case Reason::unsupported_content_encoding:
      return "UNSUPPORTED_MEDIA_TYPE";
    case Reason::body_too_large:
    case Reason::limit:
      return "EXCEEDED_MAX_SIZE_REQUEST";
    case Reason::body_unreadable:
    case Reason::not_well_formed:
    case Reason::encoding:
    case Reason::forbidden_markup:
    case Reason::envelope:
    case Reason::version_mismatch:
    case Reason::invalid:
      return "XML_PARSER_ERROR";
    case Reason::must_understand:
    case Reason::header_block:
    case Reason::session_header:
    case Reason::signed_message:
      return "INVALID_SOAP_HEADER";
    case Reason::method_not_allowed:
    case Reason::unknown_operation:
    case Reason::no_session:
    case Reason::soap_action_mismatch:
      return "INVALID_OPERATION";
    case Reason::subject_missing:
    case Reason::subject_malformed:
    case Reason::token_subject:
      return "INVALID_LOGIN";
    case Reason::subject_unmapped:  // told as the next one
    case Reason::subject_not_allowed:
    case Reason::operation_not_allowed:
    case Reason::rule_undecided:
    case Reason::session_guarded:
      return "INSUFFICIENT_ACCESS";
    case Reason::token_transient:
    case Reason::caller_throttled:
    case Reason::client_throttled:
    case Reason::backend_unreachable:
    case Reason::buffers_full:
      return "SERVER_UNAVAILABLE";
    case Reason::target_not_allowed:
    case Reason::peer_not_verified:
    case Reason::token_configuration:
    case Reason::backend_silent:
    case Reason::backend_invalid:
    case Reason::not_configured:
    case Reason::internal:
      return kUnknown;
  }
  return kUnknown;
}

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
std::string_view code_for(const FaultDetail& fault, std::string_view wanted) {
  for (const std::string_view code : {wanted, kUnknown})
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
                                           std::string_view wanted) {
  std::optional<soap::TypedDetail> found;
  for (const FaultDetail& fault : wsdl.fault_details) {
    const std::string_view code = code_for(fault, wanted);
    if (code.empty() || !is_declared(fault, operation)) continue;
    const bool usual = fault.element.local_name == kDefaultFault;
    if (usual || !found) found.emplace(soap::TypedDetail{fault, code});
    if (usual) break;
  }
  return found;
}

}  // namespace

std::optional<soap::TypedDetail> typed_detail(Reason reason, const soap::Catalog& catalog,
                                              const soap::CatalogOperation* operation,
                                              std::string_view body) {
  if (reason == Reason::version_mismatch || reason == Reason::must_understand) return std::nullopt;
  const Wsdl* wsdl = operation ? &catalog.wsdls()[operation->wsdl] : wsdl_of(body, catalog);
  if (!wsdl) return std::nullopt;
  const std::string_view wanted = exception_code(reason);
  if (operation) {
    const auto& operations = wsdl->operations;
    const auto own = std::find_if(operations.begin(), operations.end(), [operation](const auto& candidate) {
      return candidate.name == operation->name;
    });
    if (own != operations.end())
      if (auto detail = detail_in(*wsdl, &*own, wanted)) return detail;
  }
  return detail_in(*wsdl, nullptr, wanted);
}

}  // namespace sfjwt::gateway
