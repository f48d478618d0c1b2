// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/respond.h"

#include <string>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/exception_code.h"
#include "mod_sfjwt/httpd/request/exchange.h"
#include "mod_sfjwt/httpd/request/fault_watch.h"
#include "mod_sfjwt/httpd/request/log_line.h"

namespace sfjwt::httpd {
namespace {

// Whom a refusal concerns: a faulty document is its sender's affair and could be sent a thousand times a
// second; who is turned away for what they may do, or for what is wrong here, an administrator must see
// without looking for it.
int log_level(gateway::Reason reason) {
  using gateway::Reason;
  switch (reason) {
    case Reason::method_not_allowed:
    case Reason::unsupported_media_type:
    case Reason::unsupported_content_encoding:
    case Reason::body_too_large:
    case Reason::body_unreadable:
    case Reason::not_well_formed:
    case Reason::encoding:
    case Reason::forbidden_markup:
    case Reason::limit:
    case Reason::envelope:
    case Reason::version_mismatch:
    case Reason::must_understand:
    case Reason::header_block:
    case Reason::session_header:
    case Reason::signed_message:
    case Reason::unknown_operation:
    case Reason::no_session:
    case Reason::invalid:
    case Reason::soap_action_mismatch:
      return APLOG_INFO;
    case Reason::subject_missing:
    case Reason::subject_malformed:
    case Reason::subject_not_allowed:
    case Reason::subject_unmapped:
    case Reason::operation_not_allowed:
    case Reason::rule_undecided:
    case Reason::session_guarded:
    case Reason::target_not_allowed:
    case Reason::peer_not_verified:
    case Reason::token_subject:
    case Reason::token_configuration:
    case Reason::token_transient:
    case Reason::caller_throttled:
    case Reason::client_throttled:
    case Reason::backend_unreachable:
    case Reason::backend_silent:
    case Reason::backend_invalid:
    case Reason::buffers_full:
      return APLOG_WARNING;
    case Reason::not_configured:
    case Reason::internal:
      return APLOG_ERR;
  }
  return APLOG_ERR;
}

// suds, gSOAP, JAX-WS, .NET and soap4r read a fault on status 500 alone.
int fault_status(const request_rec* r, int status) {
  const bool of_a_gateway =
      status == HTTP_BAD_GATEWAY || status == HTTP_SERVICE_UNAVAILABLE || status == HTTP_GATEWAY_TIME_OUT;
  const Exchange* exchange = exchange_of(r);
  const bool kept = exchange && exchange->section.http_fault_status;
  return of_a_gateway && !kept ? HTTP_INTERNAL_SERVER_ERROR : status;
}

// What the client reads: all that is known, or that the log knows it.
std::string told(const request_rec* r, const gateway::Refusal& refusal) {
  const Exchange* exchange = exchange_of(r);
  if (!exchange || !exchange->section.brief_faults) return refusal.message;
  std::string message(gateway::brief_message(refusal.reason));
  if (const char* id = apr_table_get(r->subprocess_env, "UNIQUE_ID"))
    message.append(" It is request ").append(id).append(".");
  return message;
}

// What the log alone says: what was called that no WSDL has, who has to be looked for, and where.
std::string logged(const request_rec* r, const gateway::Refusal& refusal) {
  using gateway::Reason;
  const Exchange* exchange = exchange_of(r);
  if (!refusal.operation.empty() && !apr_table_get(r->subprocess_env, "SFJWT_OPERATION"))
    return refusal.message + " [operation " + printable(refusal.operation, 100) + "]";
  if (refusal.reason == Reason::caller_throttled)
    return refusal.message + " [caller " + printable(as_view(r->user ? r->user : r->useragent_ip), 120) + "]";
  if (exchange && (refusal.reason == Reason::backend_unreachable || refusal.reason == Reason::backend_silent))
    return refusal.message + exchange->backend_error.details();
  return refusal.message;
}

// What the request asks for; null: that is not known.
const soap::CatalogOperation* operation_of(const Exchange& exchange, const gateway::Refusal& refusal) {
  return exchange.admitted ? exchange.admitted->envelope.operation : refusal.served;
}

std::string document_for(const request_rec* r, const gateway::Refusal& refusal, soap::SoapVersion version,
                         const soap::CatalogOperation* operation) {
  const Exchange* exchange = exchange_of(r);
  const auto detail = exchange ? gateway::typed_detail(refusal.reason, *exchange->section.rules.catalog,
                                                       operation, exchange->body.view())
                               : std::nullopt;
  return soap::fault_document(version, gateway::fault_code(refusal.reason), gateway::code(refusal.reason),
                              told(r, refusal), detail);
}

constexpr const char* kInternalError = "SFJ0902";
constexpr std::string_view kFaultWithoutMemory =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>"
    "<soapenv:Fault><faultcode>soapenv:Server</faultcode>"
    "<faultstring>SFJ0902: Internal gateway error.</faultstring>"
    "</soapenv:Fault></soapenv:Body></soapenv:Envelope>";

int answer_with_fault(request_rec* r, const gateway::Refusal& refusal, soap::SoapVersion version,
                      int status) {
  note(r, "SFJWT_FAULT", gateway::code(refusal.reason));
  if (refusal.reason == gateway::Reason::method_not_allowed) apr_table_setn(r->headers_out, "Allow", "POST");
  if (refusal.retry_after_seconds)
    apr_table_setn(r->headers_out, "Retry-After", apr_ltoa(r->pool, *refusal.retry_after_seconds));
  const Exchange* exchange = exchange_of(r);
  const gateway::Refusal shown = gateway::as_told(refusal);
  return respond(r, fault_status(r, status ? status : gateway::http_status(shown.reason)), version,
                 document_for(r, shown, version, exchange ? operation_of(*exchange, refusal) : nullptr));
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

int refuse(request_rec* r, const gateway::Refusal& refusal, soap::SoapVersion version, int status) {
  log_line(r, log_level(refusal.reason), gateway::code(refusal.reason), logged(r, refusal));
  return answer_with_fault(r, refusal, version, status);
}

int refuse_after_error(request_rec* r, std::string_view what) noexcept {
  log_line(r, APLOG_ERR, kInternalError, what);
  if (r->bytes_sent > 0 || r->eos_sent) return AP_FILTER_ERROR;
  // The watch may hold a response of the backend, or wait to drop one.
  if (const Exchange* exchange = exchange_of(r); exchange && exchange->watch) exchange->watch->retire();
  try {
    return answer_with_fault(r, {gateway::Reason::internal, "Internal gateway error.", {}},
                             soap::SoapVersion::v1_1, 0);
  } catch (...) {  // what follows takes memory of httpd only
    apr_table_setn(r->subprocess_env, "SFJWT_FAULT", kInternalError);
    return respond(r, HTTP_INTERNAL_SERVER_ERROR, soap::SoapVersion::v1_1, kFaultWithoutMemory);
  }
}

int answer_for_backend(request_rec* r, const Exchange& exchange, int status, const char* defect) {
  const bool gave_up = status == HTTP_BAD_GATEWAY || status == HTTP_SERVICE_UNAVAILABLE ||
                       status == HTTP_GATEWAY_TIME_OUT ||
                       status == HTTP_INTERNAL_SERVER_ERROR;  // TLS to the backend failed
  if (!gave_up || r->eos_sent || r->bytes_sent > 0) return status;
  if (apr_table_get(r->notes, "proxy-error-override")) return status;
  if (ap_response_code_string(r, ap_index_of_response(status))) return status;
  const std::string& reason = exchange.backend_error.reason();
  const std::string why = " (" + std::to_string(status) + ")" + (reason.empty() ? "" : ": " + reason);
  gateway::Refusal refusal{gateway::Reason::backend_silent,
                           "Salesforce did not answer" + why + "; the request may have been executed.",
                           {}};
  if (!exchange.sent)
    refusal = {gateway::Reason::backend_unreachable,
               "Salesforce could not be reached" + why + "; nothing was sent.",
               {}};
  if (defect)
    refusal = {gateway::Reason::backend_invalid,
               "Salesforce answered with " + std::string(defect) + "; the request may have been executed.",
               {}};
  apr_table_clear(r->headers_out);  // whatever a broken response left behind
  r->content_encoding = nullptr;
  return refuse(r, refusal, exchange.admitted->version, status);
}

}  // namespace sfjwt::httpd
