// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/reason.h"

#include <array>
#include <cstddef>

namespace sfjwt::gateway {
namespace {

using soap::FaultCode;
using Codes = ExceptionCodes;
using enum Reason;
using enum Severity;

// Codes: 01 HTTP, 02 the document, 03 envelope and WSDL, 04 identity, 05 target, 06 token, 07 the backend,
// 09 the gateway itself. A number that was once given away keeps its meaning; a new reason gets a new one.
// Status: 405, 413, 415 before the body was read; 500 for every fault about the body (SOAP 1.1 section 6.2),
// since .NET and PHP clients read a fault on no other status.
// clang-format off
constexpr std::array<ReasonRow, 44> kReasons = {{
    {method_not_allowed,           "SFJ0101", 405, FaultCode::client,           &Codes::operation,   info,    Audience::client,
     "The method is not POST."},
    {unsupported_media_type,       "SFJ0102", 415, FaultCode::client,           &Codes::media_type,  info,    Audience::client,
     "The Content-Type is not a SOAP media type."},
    {unsupported_content_encoding, "SFJ0103", 415, FaultCode::client,           &Codes::media_type,  info,    Audience::client,
     "The Content-Encoding is not supported."},
    {body_too_large,               "SFJ0104", 413, FaultCode::client,           &Codes::size,        info,    Audience::client,
     "The request body is too large."},
    {body_unreadable,              "SFJ0105", 500, FaultCode::client,           &Codes::xml,         info,    Audience::client,
     "The request body could not be read."},
    {buffers_full,                 "SFJ0106", 500, FaultCode::server,           &Codes::unavailable, warning, Audience::server,
     "The memory for request bodies is exhausted."},
    {not_well_formed,              "SFJ0201", 500, FaultCode::client,           &Codes::xml,         info,    Audience::client,
     "The request body is not well-formed XML."},
    {encoding,                     "SFJ0202", 500, FaultCode::client,           &Codes::xml,         info,    Audience::client,
     "The request body is not UTF-8."},
    {forbidden_markup,             "SFJ0203", 500, FaultCode::client,           &Codes::xml,         info,    Audience::client,
     "The request body contains markup that SOAP forbids."},
    {limit,                        "SFJ0204", 500, FaultCode::client,           &Codes::size,        info,    Audience::client,
     "The request body exceeds a limit of SFJwtXmlLimits."},
    {envelope,                     "SFJ0301", 500, FaultCode::client,           &Codes::xml,         info,    Audience::client,
     "The request body is not a SOAP envelope with one operation."},
    {version_mismatch,             "SFJ0302", 500, FaultCode::version_mismatch, &Codes::xml,         info,    Audience::client,
     "The WSDL does not bind this SOAP version."},
    {must_understand,              "SFJ0303", 500, FaultCode::must_understand,  &Codes::header,      info,    Audience::client,
     "A header block that must be understood is unknown."},
    {header_block,                 "SFJ0304", 500, FaultCode::client,           &Codes::header,      info,    Audience::client,
     "The operation does not declare this header block."},
    {session_header,               "SFJ0305", 500, FaultCode::client,           &Codes::header,      info,    Audience::client,
     "The session header is not usable."},
    {signed_message,               "SFJ0306", 500, FaultCode::client,           &Codes::header,      info,    Audience::client,
     "The message is signed."},
    {unknown_operation,            "SFJ0307", 500, FaultCode::client,           &Codes::operation,   info,    Audience::client,
     "The WSDL does not declare this operation."},
    {no_session,                   "SFJ0308", 500, FaultCode::client,           &Codes::operation,   info,    Audience::client,
     "The operation does not take a session."},
    {invalid,                      "SFJ0309", 500, FaultCode::client,           &Codes::xml,         info,    Audience::client,
     "The request is not valid against the WSDL."},
    {soap_action_mismatch,         "SFJ0310", 500, FaultCode::client,           &Codes::operation,   info,    Audience::client,
     "The SOAP action does not match the operation in the Body."},
    {subject_missing,              "SFJ0401", 500, FaultCode::client,           &Codes::login,       warning, Audience::client,
     "The request does not name a user."},
    {subject_malformed,            "SFJ0402", 500, FaultCode::client,           &Codes::login,       warning, Audience::client,
     "The user name is not an e-mail address."},
    {subject_not_allowed,          "SFJ0403", 500, FaultCode::client,           &Codes::access,      warning, Audience::client,
     "The caller may not act as this user."},
    {subject_unmapped,             "SFJ0405", 500, FaultCode::client,           &Codes::access,      warning, Audience::client,
     "SFJwtSubjectMap has no user for this name."},
    {operation_not_allowed,        "SFJ0406", 500, FaultCode::client,           &Codes::access,      warning, Audience::client,
     "The caller may not use this operation."},
    {rule_undecided,               "SFJ0408", 500, FaultCode::client,           &Codes::access,      warning, Audience::client,
     "A rule could not be evaluated."},
    {handle_not_valid,             "SFJ0410", 500, FaultCode::client,           &Codes::login,       info,    Audience::client,
     "The handle of a login is not valid."},
    {login_denied,                 "SFJ0411", 500, FaultCode::client,           &Codes::login,       warning, Audience::client,
     "A login was refused."},
    {login_in_clear,               "SFJ0412", 500, FaultCode::client,           &Codes::login,       warning, Audience::client,
     "A password was sent without TLS."},
    {login_undecided,              "SFJ0413", 500, FaultCode::server,           &Codes::unavailable, error,   Audience::server,
     "A password could not be checked."},
    {login_refused,                "SFJ0414", 500, FaultCode::client,           &Codes::login,       warning, Audience::client,
     "The backend does not accept the user of a login."},
    {session_guarded,              "SFJ0407", 500, FaultCode::client,           &Codes::access,      warning, Audience::client,
     "The operation would end sessions of other callers."},
    {target_not_allowed,           "SFJ0501", 500, FaultCode::server,           &Codes::unknown,     warning, Audience::server,
     "A token may not be sent to this address."},
    {peer_not_verified,            "SFJ0502", 500, FaultCode::server,           &Codes::unknown,     warning, Audience::server,
     "The identity of the backend could not be verified."},
    {token_subject,                "SFJ0601", 500, FaultCode::client,           &Codes::login,       warning, Audience::client,
     "The token endpoint refuses a token for this user."},
    {token_configuration,          "SFJ0602", 500, FaultCode::server,           &Codes::unknown,     warning, Audience::server,
     "The token endpoint refuses tokens for all users."},
    {token_transient,              "SFJ0603", 500, FaultCode::server,           &Codes::unavailable, warning, Audience::server,
     "The token endpoint does not respond or is overloaded."},
    {caller_throttled,             "SFJ0604", 500, FaultCode::server,           &Codes::unavailable, warning, Audience::server,
     "Token requests of this caller are throttled."},
    {client_throttled,             "SFJ0605", 500, FaultCode::server,           &Codes::unavailable, warning, Audience::server,
     "Token requests of all callers are throttled."},
    {backend_unreachable,          "SFJ0701", 503, FaultCode::server,           &Codes::unavailable, warning, Audience::server,
     "The backend could not be reached."},
    {backend_silent,               "SFJ0702", 502, FaultCode::server,           &Codes::unknown,     warning, Audience::server,
     "The backend did not respond."},
    {backend_invalid,              "SFJ0704", 502, FaultCode::server,           &Codes::unknown,     warning, Audience::server,
     "The backend's response is not valid HTTP."},
    {not_configured,               "SFJ0901", 500, FaultCode::server,           &Codes::unknown,     error,   Audience::server,
     "The configuration of the section is incomplete."},
    {internal,                     "SFJ0902", 500, FaultCode::server,           &Codes::unknown,     error,   Audience::server,
     "An internal error occurred in the gateway."},
}};
// clang-format on

constexpr bool complete_and_in_order() {
  for (std::size_t i = 0; i < kReasons.size(); ++i) {
    const ReasonRow& row = kReasons[i];
    if (row.reason != static_cast<Reason>(i) || row.code.size() != 7 || !row.exception || row.title.empty())
      return false;
  }
  return kReasons.back().reason == Reason::internal;
}
static_assert(complete_and_in_order(), "each Reason has its row, in the order of the enum");

}  // namespace

const ReasonRow& row_of(Reason reason) {
  return kReasons[static_cast<std::size_t>(reason)];
}

}  // namespace sfjwt::gateway
