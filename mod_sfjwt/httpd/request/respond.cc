// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/respond.h"

#include <string>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/exception_code.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/httpd/request/exchange.h"
#include "mod_sfjwt/httpd/request/log_line.h"

namespace sfjwt::httpd {
namespace {

int log_level(gateway::Severity severity) {
  switch (severity) {
    case gateway::Severity::info:
      return APLOG_INFO;
    case gateway::Severity::warning:
      return APLOG_WARNING;
    case gateway::Severity::error:
      return APLOG_ERR;
  }
  return APLOG_ERR;
}

// suds, gSOAP, JAX-WS, .NET and soap4r read a fault only with status 500.
int fault_status(const Exchange* exchange, int status) {
  const bool of_a_gateway =
      status == HTTP_BAD_GATEWAY || status == HTTP_SERVICE_UNAVAILABLE || status == HTTP_GATEWAY_TIME_OUT;
  const bool kept = exchange && exchange->section.http_fault_status;
  return of_a_gateway && !kept ? HTTP_INTERNAL_SERVER_ERROR : status;
}

// The text for the client: all that is known, or that the log has the details.
std::string told(const request_rec* r, const Exchange* exchange, const gateway::Refusal& refusal) {
  if (!exchange || !exchange->section.brief_faults) return refusal.message;
  std::string message(gateway::brief_message(refusal.reason));
  if (const char* id = apr_table_get(r->subprocess_env, "UNIQUE_ID"))
    message.append(" It is request ").append(id).append(".");
  return message;
}

// Details for the log only: the element that is in no WSDL, the subject to be looked up, and where.
std::string logged(const request_rec* r, const gateway::Refusal& refusal) {
  using gateway::Reason;
  if (!refusal.operation.empty() && !apr_table_get(r->subprocess_env, "SFJWT_OPERATION"))
    return refusal.message + " [operation " + printable(refusal.operation, 100) + "]";
  if (refusal.reason == Reason::caller_throttled)
    return refusal.message + " [caller " + printable(as_view(r->user ? r->user : r->useragent_ip), 120) + "]";
  return refusal.message;
}

// For clients generated from the WSDL, which raise it as an exception. nullopt before the gateway has taken
// the request.
std::optional<soap::TypedDetail> detail_of(const Exchange* exchange, gateway::Reason reason,
                                           const soap::CatalogOperation* served) {
  if (!exchange) return std::nullopt;
  const auto* operation = exchange->admitted ? exchange->admitted->operation : served;
  return gateway::typed_detail(reason, *exchange->section.rules.catalog, operation, exchange->body.view(),
                               *exchange->section.rules.backend);
}

// As the backend words the end of a session, so that clients log in again.
std::string session_over_fault(const Exchange& exchange, const gateway::Refusal& refusal,
                               soap::SoapVersion version, const soap::CatalogOperation* served) {
  const gateway::Rules& rules = exchange.section.rules;
  auto detail =
      gateway::typed_detail(refusal.reason, *rules.catalog, served, exchange.body.view(), *rules.backend);
  const soap::Wsdl& wsdl = rules.catalog->wsdls()[served ? served->wsdl : 0];
  return soap::backend_fault_document(version, rules.backend->session_over, refusal.message, detail,
                                      wsdl.target_namespace);
}

constexpr const char* kInternalError = "SFJ0902";
constexpr std::string_view kFaultWithoutMemory =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>"
    "<soapenv:Fault><faultcode>soapenv:Server</faultcode>"
    "<faultstring>SFJ0902: Internal gateway error.</faultstring>"
    "</soapenv:Fault></soapenv:Body></soapenv:Envelope>";

// `exchange` is null before the gateway has taken the request.
int answer_with_fault(request_rec* r, const Exchange* exchange, const gateway::Refusal& refusal,
                      soap::SoapVersion version, int status) {
  note(r, "SFJWT_FAULT", gateway::code(refusal.reason));
  if (refusal.reason == gateway::Reason::method_not_allowed) apr_table_setn(r->headers_out, "Allow", "POST");
  if (refusal.retry_after_seconds)
    apr_table_setn(r->headers_out, "Retry-After", apr_ltoa(r->pool, *refusal.retry_after_seconds));
  const gateway::Refusal shown =
      gateway::as_told(refusal, exchange ? *exchange->section.rules.backend : gateway::kSalesforce);
  if (refusal.reason == gateway::Reason::handle_not_valid)
    return respond(r, HTTP_INTERNAL_SERVER_ERROR, version,
                   session_over_fault(*exchange, shown, version, refusal.served));
  return respond(
      r, fault_status(exchange, status ? status : gateway::http_status(shown.reason)), version,
      soap::fault_document(version, gateway::fault_code(shown.reason), gateway::code(shown.reason),
                           told(r, exchange, shown), detail_of(exchange, shown.reason, refusal.served)));
}

}  // namespace

int respond(request_rec* r, int status, soap::SoapVersion version, std::string_view document) {
  r->status = status;
  r->status_line = nullptr;
  const std::string_view type = soap::content_type(version);
  ap_set_content_type(r, apr_pstrmemdup(r->pool, type.data(), type.size()));
  apr_table_unset(r->headers_out, "Content-Encoding");
  ap_set_content_length(r, static_cast<apr_off_t>(document.size()));
  apr_bucket_alloc_t* allocator = r->connection->bucket_alloc;
  apr_bucket_brigade* answer = apr_brigade_create(r->pool, allocator);
  APR_BRIGADE_INSERT_TAIL(answer,
                          apr_bucket_heap_create(document.data(), document.size(), nullptr, allocator));
  APR_BRIGADE_INSERT_TAIL(answer, apr_bucket_eos_create(allocator));
  ap_pass_brigade(r->output_filters, answer);
  return OK;
}

int refuse(request_rec* r, const gateway::Refusal& refusal, soap::SoapVersion version, int status,
           std::string_view details) {
  log_line(r, log_level(gateway::severity(refusal.reason)), gateway::code(refusal.reason),
           logged(r, refusal).append(details));
  return answer_with_fault(r, exchange_of(r), refusal, version, status);
}

int refuse_after_error(request_rec* r, std::string_view what) noexcept {
  log_line(r, APLOG_ERR, kInternalError, what);
  if (r->bytes_sent > 0 || r->eos_sent) return AP_FILTER_ERROR;
  // The watch may hold a response of the backend, or be about to discard one.
  Exchange* exchange = exchange_of(r);
  if (exchange) exchange->watch.detach();
  try {
    return answer_with_fault(r, exchange, {gateway::Reason::internal, "Internal gateway error.", {}},
                             soap::SoapVersion::v1_1, 0);
  } catch (...) {  // the rest uses only memory of httpd
    apr_table_setn(r->subprocess_env, "SFJWT_FAULT", kInternalError);
    return respond(r, HTTP_INTERNAL_SERVER_ERROR, soap::SoapVersion::v1_1, kFaultWithoutMemory);
  }
}

}  // namespace sfjwt::httpd
