// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/request_handler.h"

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/config/section_registry.h"
#include "mod_sfjwt/httpd/login/sign_in.h"
#include "mod_sfjwt/httpd/pool.h"
#include "mod_sfjwt/httpd/request/caller.h"
#include "mod_sfjwt/httpd/request/exchange.h"
#include "mod_sfjwt/httpd/request/forwarding.h"
#include "mod_sfjwt/httpd/request/log_line.h"
#include "mod_sfjwt/httpd/request/proxy_handoff.h"
#include "mod_sfjwt/httpd/request/respond.h"
#include "mod_sfjwt/httpd/request/token_fetch.h"
#include "mod_sfjwt/keys/digest.h"

namespace sfjwt::httpd {
namespace {

using gateway::Reason;
using gateway::Refusal;

constexpr long kRetryAfterSeconds = 5;  // until memory is probably free again

// A step of the request; nullopt on success.
using Step = std::optional<Refusal>;

std::string_view header(const request_rec* r, const char* name) {
  return as_view(apr_table_get(r->headers_in, name));
}

// httpd merges two headers with the same name into one with a comma, which a media type cannot contain
// outside of quotes.
bool is_several(std::string_view content_type) {
  bool quoted = false;
  for (const char c : content_type) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) return true;
  }
  return false;
}

using MediaType = Result<gateway::MediaType, Refusal>;

MediaType media_type_of(const request_rec* r) {
  return gateway::media_type(header(r, "Content-Type"));
}

// The SOAP version for a refusal before the body is read.
soap::SoapVersion announced_version(const MediaType& type) {
  return type ? type->version : soap::SoapVersion::v1_1;
}

Step check_media_type(const request_rec* r, const MediaType& type) {
  if (is_several(header(r, "Content-Type")))
    return Refusal{Reason::unsupported_media_type, "The request has more than one Content-Type.", {}};
  if (!type) return type.error();
  return {};
}

// Clients may compress the body. The filter of mod_deflate does nothing if the body is already decompressed,
// so that it does not interfere with SetInputFilter DEFLATE.
Step insert_inflater(request_rec* r) {
  const std::string_view coding = trimmed(header(r, "Content-Encoding"));
  if (coding.empty() || equals_ignoring_case(coding, "identity")) return {};
  if (!equals_ignoring_case(coding, "gzip") && !equals_ignoring_case(coding, "x-gzip"))
    return Refusal{Reason::unsupported_content_encoding,
                   "Content-Encoding " + printable(coding, 40) + " is not accepted; gzip is.",
                   {}};
  if (!ap_get_input_filter_handle("DEFLATE"))
    return Refusal{Reason::unsupported_content_encoding,
                   "Content-Encoding gzip is not accepted by this server: mod_deflate is not loaded.",
                   {}};
  ap_add_input_filter("DEFLATE", nullptr, r, r->connection);
  return {};
}

Refusal too_large(std::size_t limit) {
  return {Reason::body_too_large, "The request body is larger than " + std::to_string(limit) + " bytes.", {}};
}

// Clients that log in and then use REST or Bulk send the session id in one of these headers.
std::string about_handles(const request_rec* r) {
  for (const char* name : {"Authorization", "X-SFDC-Session"}) {
    std::string_view value = trimmed(header(r, name));
    value.remove_prefix(value.find_last_of(' ') + 1);
    if (login::looks_like_handle(value))
      return " The session id of a login at this gateway is for SOAP requests, as their session id; REST "
             "and "
             "Bulk requests need a token of Salesforce.";
  }
  return {};
}

// All checks that do not need the body. The length comes first: a client that waits for 100 Continue need not
// send a body that is refused anyway.
Step check_head(request_rec* r, const GatewaySection& section, const MediaType& type) {
  if (r->method_number != M_POST)
    return Refusal{Reason::method_not_allowed, "SOAP requests are sent by POST." + about_handles(r), {}};
  if (section.login && (login::contains_handle(as_view(r->uri)) || login::contains_handle(as_view(r->args))))
    return Refusal{Reason::session_header,
                   "The session id of the login is in the address; it may only be the session id of the "
                   "message.",
                   {}};
  if (auto refusal = check_media_type(r, type)) {
    refusal->message += about_handles(r);
    return refusal;
  }
  if (announced_length(r).value_or(0) > section.max_body) return too_large(section.max_body);
  return insert_inflater(r);
}

Refusal refusal_of(BodyReadError error, std::size_t limit) {
  switch (error) {
    case BodyReadError::too_large:
      return too_large(limit);
    case BodyReadError::no_room:
      return {Reason::buffers_full,
              "The gateway holds as much of request bodies as it may, in all or for this caller "
              "(SFJwtMaxBuffered). Nothing was sent to Salesforce: try again.",
              kRetryAfterSeconds};
    case BodyReadError::timed_out:
      return {Reason::body_unreadable, "The request body did not arrive in time.", {}};
    case BodyReadError::unreadable:
    case BodyReadError::already_answered:
      return {
          Reason::body_unreadable, "The request body is incomplete or not encoded as its headers say.", {}};
  }
  return {Reason::internal, "The request body could not be read.", {}};
}

// In mode report an invalid request is forwarded; the log says what would have been refused.
void note_validation(request_rec* r, const GatewaySection& section, const soap::Envelope& envelope) {
  const bool judged = section.rules.catalog->schema() != nullptr;
  note(r, "SFJWT_VALIDATION", !judged ? "off" : envelope.violation ? "violated" : "valid");
  if (!envelope.violation) return;
  const Refusal refusal = gateway::refusal_of(*envelope.violation, *section.rules.backend);
  log_line(r, APLOG_WARNING, gateway::code(refusal.reason), "forwarded nevertheless: " + refusal.message);
}

void note_subject(request_rec* r, LogSubject way, const std::string& subject) {
  if (subject.empty()) return;
  switch (way) {
    case LogSubject::clear:
      return note(r, "SFJWT_SUBJECT", subject);
    case LogSubject::hash:
      return note(r, "SFJWT_SUBJECT", keys::short_digest(subject));
    case LogSubject::off:
      return;
  }
}

// Sets the names of a refused message for logs. SFJWT_OPERATION must be in the WSDL, so that a client cannot
// create any number of values.
void note_names(request_rec* r, const GatewaySection& section, const Refusal& refusal) {
  if (refusal.served || section.rules.catalog->operation_named(refusal.operation))
    note(r, "SFJWT_OPERATION", refusal.operation);
  note_subject(r, section.log_subject, refusal.subject);
}

Step admit(request_rec* r, Exchange& exchange, const gateway::MediaType& type) {
  const GatewaySection& section = exchange.section;
  const gateway::MessageHead head{type, header(r, "SOAPAction")};
  auto admitted =
      gateway::admit(exchange.body.view(), head, section.rules, RequestCaller(r, section.subject_expression));
  if (!admitted) {
    note_names(r, section, admitted.error());
    return std::move(admitted.error());
  }
  exchange.admitted = std::move(*admitted);
  note(r, "SFJWT_OPERATION", exchange.admitted->envelope.operation->name);
  note_subject(r, section.log_subject, exchange.admitted->subject);
  note_validation(r, section, exchange.admitted->envelope);
  if (exchange.admitted->is_login) return {};
  return refused_target(r, exchange);
}

int refuse_unread(request_rec* r, const Exchange& exchange, BodyReadError error, soap::SoapVersion version) {
  if (error == BodyReadError::already_answered) return AP_FILTER_ERROR;
  r->connection->keepalive = AP_CONN_CLOSE;
  return refuse(r, refusal_of(error, exchange.section.max_body), version,
                error == BodyReadError::timed_out ? HTTP_REQUEST_TIME_OUT : 0);
}

int answer_login(request_rec* r, Exchange& exchange) {
  const soap::SoapVersion version = exchange.admitted->version;
  const auto answered = sign_in(r, exchange);
  note_subject(r, exchange.section.log_subject,
               answered ? exchange.admitted->subject : answered.error().subject);
  return answered ? *answered : refuse(r, answered.error(), version);
}

// What the gateway answers to is a logout; one with a handle ends it.
int answer_here(request_rec* r, const Exchange& exchange) {
  const gateway::Admitted& admitted = *exchange.admitted;
  if (admitted.handle) exchange.section.login->handles->revoke(*admitted.handle);
  return respond(r, HTTP_OK, admitted.version, *admitted.answer);
}

int answer(request_rec* r, Exchange& exchange) {
  const GatewaySection& section = exchange.section;
  const MediaType type = media_type_of(r);
  if (const auto refusal = check_head(r, section, type)) {
    leave_body_unread(r);
    return refuse(r, *refusal, announced_version(type));
  }
  exchange.body.charge_to(section.body_buffers->reservation_for(r));
  const auto read = read_body(r, section.max_body, exchange.body);
  if (!read) return refuse_unread(r, exchange, read.error(), announced_version(type));
  auto refusal = admit(r, exchange, *type);
  if (!refusal && exchange.admitted->is_login) return answer_login(r, exchange);
  if (!refusal && exchange.admitted->answer) return answer_here(r, exchange);
  if (!refusal) refusal = fetch_token(r, exchange);
  if (refusal) return refuse(r, *refusal, soap::version_of(exchange.body.view(), section.rules.limits));
  return forward(r, exchange);
}

// Whether the body may contain a password.
bool is_confidential(const Exchange& exchange) {
  return exchange.section.login && (!exchange.admitted || exchange.admitted->is_login);
}

// Frees the memory of the body at once instead of with the request, which lasts until the client has read the
// response.
int answer_and_release(request_rec* r, Exchange& exchange) {
  const int status = answer(r, exchange);
  if (is_confidential(exchange)) exchange.body.wipe();
  exchange.body.release();
  return status;
}

int refuse_incomplete(request_rec* r, const ConfigErrors& complaints) {
  for (const std::string& complaint : complaints)
    ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "SFJ0901: %s", complaint.c_str());
  leave_body_unread(r);
  return refuse(r,
                {Reason::not_configured, "This gateway is not configured completely for this address.", {}},
                announced_version(media_type_of(r)));
}

bool is_ours(const request_rec* r, const SectionConfig& config) {
  return config.settings.enabled.value_or(false) && config.home && !exchange_of(r) && goes_to_proxy(r);
}

}  // namespace

int forward_with_token(request_rec* r) {
  const SectionConfig& config = config_in(r->per_dir_config);
  if (!is_ours(r, config)) return DECLINED;
  // A subrequest, such as an include: it has no body, and mod_proxy would forward the caller's own headers.
  if (r->main) return HTTP_FORBIDDEN;
  for (const char* name :
       {"SFJWT_OPERATION", "SFJWT_SUBJECT", "SFJWT_VALIDATION", "SFJWT_FAULT", "SFJWT_RENEWED"})
    apr_table_unset(r->subprocess_env, name);
  note(r, "SFJWT_TOKEN", "none");
  // httpd offers HTTP/2 here. A fault would then have "Connection: Upgrade, close", in which PHP does not
  // recognise "close", so that its next request fails.
  apr_table_unset(r->headers_out, "Upgrade");
  apr_table_unset(r->headers_out, "Connection");
  try {
    const auto section = config.home->section_for(config.settings);
    if (!section) return refuse_incomplete(r, section.error());
    Exchange& exchange = make_in_pool<Exchange>(r->pool, **section);
    set_exchange(r, &exchange);
    return answer_and_release(r, exchange);
  } catch (const std::exception& exception) {
    r->connection->keepalive = AP_CONN_CLOSE;
    const int status = refuse_after_error(r, exception.what());
    Exchange* exchange = exchange_of(r);
    if (exchange && is_confidential(*exchange)) exchange->body.wipe();
    return status;
  }
}

}  // namespace sfjwt::httpd
