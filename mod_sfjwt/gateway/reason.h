// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_sfjwt/gateway/backend_family.h"
#include "mod_sfjwt/soap/fault.h"

namespace sfjwt::gateway {

/// Why a request is refused. All that follows from it is in the table of reason.cc, a row each.
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
  handle_not_valid,    // the handle of a login has expired, is revoked, or is not one of this section
  login_denied,        // wrong password, unknown user, or too many attempts; nobody outside learns which
  login_in_clear,      // the password came over a connection without TLS
  login_undecided,     // an authentication provider failed
  login_refused,       // the backend does not accept the user
  session_guarded,     // it would end sessions that other callers use
  target_not_allowed,  // the token would leave for a host that is not the backend's, or in the clear
  peer_not_verified,   // it would leave on a connection to somebody who is not known to be that host
  token_subject,       // oauth::TokenError::Class::subject
  token_configuration,
  token_transient,
  caller_throttled,     // token requests of this caller failed
  client_throttled,     // token requests of many callers failed
  backend_unreachable,  // no connection to the backend: nothing has happened
  backend_silent,       // it was sent, and no answer came: it may have been executed
  backend_invalid,      // it was sent, and the answer is no HTTP: it may have been executed
  not_configured,       // the section lacks something at run time
  internal,             // a fault in our own engine: fails closed
};

/// Who must see a refusal. A faulty document is its sender's affair and could be sent a thousand times a
/// second; an administrator must see who is turned away for what they may do, or for what is wrong here,
/// without looking for it.
enum class Severity { info, warning, error };

/// Who can do something about it; decides what a fault says with SFJwtFaultDetail brief.
enum class Audience { client, server };

struct ReasonRow {
  Reason reason;
  std::string_view code;       // of log and fault, "SFJ0301"; stable across releases
  int http_status;             // unless SFJwtFaultStatus or the backend's failure decides
  soap::FaultCode fault_code;  // SOAP 1.1 section 4.4.1
  ExceptionCode exception;     // of the detail, in the words of the backend family
  Severity severity;           // of its log line
  Audience audience;           // whom the brief message speaks of
  std::string_view title;      // of its section in conf/log-codes.md: one sentence
};

const ReasonRow& row_of(Reason reason);

inline std::string_view code(Reason reason) {
  return row_of(reason).code;
}
inline int http_status(Reason reason) {
  return row_of(reason).http_status;
}
inline soap::FaultCode fault_code(Reason reason) {
  return row_of(reason).fault_code;
}
inline Severity severity(Reason reason) {
  return row_of(reason).severity;
}

}  // namespace sfjwt::gateway
