// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/oauth/token_error.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/document_error.h"
#include "mod_sfjwt/soap/fault.h"

namespace sfjwt::gateway {

/// Why a request is refused; decides HTTP status, fault code and log code.
enum class Reason {
  method_not_allowed,
  unsupported_media_type,
  unsupported_content_encoding,
  body_too_large,
  body_unreadable,  // the inflater or the connection failed while the body was read
  buffers_full,     // SFJwtMaxBuffered, or the half of it that one caller may hold
  not_well_formed,
  encoding,
  forbidden_markup,
  limit,
  envelope,
  version_mismatch,
  must_understand,
  header_block,
  session_header,
  signed_message,
  unknown_operation,
  no_session,
  invalid,
  soap_action_mismatch,
  subject_missing,
  subject_malformed,
  subject_not_allowed,
  subject_unmapped,  // SFJwtSubjectMap has no user for it
  operation_not_allowed,
  rule_undecided,      // a rule about who may do what could not be evaluated, so nobody knows what it says
  session_guarded,     // it would end sessions that other callers use
  target_not_allowed,  // the token would leave for a host that is not Salesforce, or in the clear
  peer_not_verified,   // it would leave on a connection to somebody who is not known to be that host
  token_subject,       // oauth::TokenError::Class::subject
  token_configuration,
  token_transient,
  caller_throttled,     // token requests of this caller failed
  client_throttled,     // token requests of many callers failed
  backend_unreachable,  // no connection to Salesforce: nothing has happened
  backend_silent,       // it was sent, and no answer came: it may have been executed
  backend_invalid,      // it was sent, and the answer is no HTTP: it may have been executed
  not_configured,       // the section lacks something at run time
  internal,             // a fault in our own engine: fails closed
};

/// One refusal: what the client is told and what the log says are the same sentence, but for as_told().
struct Refusal {
  Reason reason;
  std::string message;  // what, where (line, column, path) and what to do; no values, no secrets
  std::optional<long> retry_after_seconds;
  // What the message names, as far as it was read. The operation need not be in the WSDL; subjects are users.
  std::string operation = {};
  std::string subject = {};
  const soap::CatalogOperation* served = nullptr;  // the operation, if it was judged by what the WSDL says
};

/// Our numbered code for log and fault, "SFJ0301"; stable across releases.
std::string_view code(Reason reason);

/// 405, 413, 415 before the body was read, 500 for every fault about the body (SOAP 1.1 section 6.2).
int http_status(Reason reason);

soap::FaultCode fault_code(Reason reason);

/// The refusal of a rule that could not be evaluated. `rule` names the directive and where it stands
/// ("SFJwtSubjectMap (/etc/x.conf:12)"), `why` the error; for the log only.
Refusal rule_undecided(std::string_view rule, std::string_view why);

/// What a client is told that is not to know more (SFJwtFaultDetail brief): whether it is up to the client,
/// and that the log has the rest.
std::string_view brief_message(Reason reason);

/// The refusal as the client may read it. Who is refused must not learn whether it is since SFJwtSubjectMap
/// does not know the user, since a rule could not be evaluated for them, or since the caller may not act as
/// them: to the byte, all are subject_not_allowed.
Refusal as_told(const Refusal& refusal);

/// Of a caller who may not act as the user the request names.
Refusal subject_not_allowed();

Refusal refusal_of(const soap::DocumentError& error);
/// The same, and says how the request differs from the WSDLs when it is for others (wsdl_mismatch.h).
Refusal refusal_of(const soap::DocumentError& error, const soap::Catalog& catalog);
Refusal refusal_of(const oauth::TokenError& error);

}  // namespace sfjwt::gateway
