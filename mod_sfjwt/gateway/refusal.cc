// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/refusal.h"

#include "mod_sfjwt/gateway/wsdl_mismatch.h"

namespace sfjwt::gateway {
namespace {

Reason reason_of(xml::Rule rule) {
  switch (rule) {
    case xml::Rule::well_formed:
      return Reason::not_well_formed;
    case xml::Rule::encoding:
      return Reason::encoding;
    case xml::Rule::forbidden_markup:
      return Reason::forbidden_markup;
    case xml::Rule::limit:
      return Reason::limit;
    case xml::Rule::envelope:
      return Reason::envelope;
    case xml::Rule::version_mismatch:
      return Reason::version_mismatch;
    case xml::Rule::must_understand:
      return Reason::must_understand;
    case xml::Rule::header_block:
      return Reason::header_block;
    case xml::Rule::session_header:
      return Reason::session_header;
    case xml::Rule::signed_message:
      return Reason::signed_message;
    case xml::Rule::unknown_operation:
      return Reason::unknown_operation;
    case xml::Rule::no_session:
      return Reason::no_session;
    case xml::Rule::invalid:
      return Reason::invalid;
  }
  return Reason::internal;
}

// What the sender can do about it, where the violation alone does not say so.
std::string_view remedy(xml::Rule rule) {
  switch (rule) {
    case xml::Rule::encoding:
      return " Send UTF-8.";
    case xml::Rule::forbidden_markup:
      return " Send plain XML without DOCTYPE, entities and processing instructions.";
    case xml::Rule::session_header:
      return " Send one SessionHeader with one sessionId that holds the e-mail of the user.";
    case xml::Rule::signed_message:
      return " Send it unsigned.";
    case xml::Rule::no_session:
      return " Leave it out: the gateway signs users in by itself.";
    case xml::Rule::well_formed:
    case xml::Rule::limit:
    case xml::Rule::envelope:
    case xml::Rule::version_mismatch:
    case xml::Rule::must_understand:
    case xml::Rule::header_block:
    case xml::Rule::unknown_operation:
    case xml::Rule::invalid:
      return "";
  }
  return "";
}

// "Line 3, column 14, /Envelope/Body/querry: what is wrong."
std::string placed(const soap::DocumentError& error) {
  std::string message = "Line " + std::to_string(error.line) + ", column " + std::to_string(error.column);
  if (!error.path.empty()) message += ", " + error.path;
  return message + ": " + error.message + ".";
}

Reason reason_of(const oauth::TokenError& error) {
  if (error.cause == oauth::FetchFailure::caller_throttled) return Reason::caller_throttled;
  if (error.cause == oauth::FetchFailure::client_throttled) return Reason::client_throttled;
  switch (error.error_class) {
    case oauth::TokenError::Class::subject:
      return Reason::token_subject;
    case oauth::TokenError::Class::configuration:
      return Reason::token_configuration;
    case oauth::TokenError::Class::transient:
      return Reason::token_transient;
  }
  return Reason::internal;
}

}  // namespace

// 01 HTTP, 02 the document, 03 envelope and WSDL, 04 identity, 05 target, 06 token, 07 Salesforce, 09 the
// gateway itself. A number that was once given away keeps its meaning; a new reason gets a new one.
std::string_view code(Reason reason) {
  switch (reason) {
    case Reason::method_not_allowed:
      return "SFJ0101";
    case Reason::unsupported_media_type:
      return "SFJ0102";
    case Reason::unsupported_content_encoding:
      return "SFJ0103";
    case Reason::body_too_large:
      return "SFJ0104";
    case Reason::body_unreadable:
      return "SFJ0105";
    case Reason::buffers_full:
      return "SFJ0106";
    case Reason::not_well_formed:
      return "SFJ0201";
    case Reason::encoding:
      return "SFJ0202";
    case Reason::forbidden_markup:
      return "SFJ0203";
    case Reason::limit:
      return "SFJ0204";
    case Reason::envelope:
      return "SFJ0301";
    case Reason::version_mismatch:
      return "SFJ0302";
    case Reason::must_understand:
      return "SFJ0303";
    case Reason::header_block:
      return "SFJ0304";
    case Reason::session_header:
      return "SFJ0305";
    case Reason::signed_message:
      return "SFJ0306";
    case Reason::unknown_operation:
      return "SFJ0307";
    case Reason::no_session:
      return "SFJ0308";
    case Reason::invalid:
      return "SFJ0309";
    case Reason::soap_action_mismatch:
      return "SFJ0310";
    case Reason::subject_missing:
      return "SFJ0401";
    case Reason::subject_malformed:
      return "SFJ0402";
    case Reason::subject_not_allowed:
      return "SFJ0403";
    case Reason::subject_unmapped:
      return "SFJ0405";
    case Reason::operation_not_allowed:
      return "SFJ0406";
    case Reason::session_guarded:
      return "SFJ0407";
    case Reason::rule_undecided:
      return "SFJ0408";
    case Reason::target_not_allowed:
      return "SFJ0501";
    case Reason::peer_not_verified:
      return "SFJ0502";
    case Reason::token_subject:
      return "SFJ0601";
    case Reason::token_configuration:
      return "SFJ0602";
    case Reason::token_transient:
      return "SFJ0603";
    case Reason::caller_throttled:
      return "SFJ0604";
    case Reason::client_throttled:
      return "SFJ0605";
    case Reason::backend_unreachable:
      return "SFJ0701";
    case Reason::backend_silent:
      return "SFJ0702";
    case Reason::backend_invalid:
      return "SFJ0704";
    case Reason::not_configured:
      return "SFJ0901";
    case Reason::internal:
      return "SFJ0902";
  }
  return "SFJ0902";
}

int http_status(Reason reason) {
  switch (reason) {
    case Reason::method_not_allowed:
      return 405;
    case Reason::body_too_large:
      return 413;
    case Reason::unsupported_media_type:
    case Reason::unsupported_content_encoding:
      return 415;
    case Reason::backend_silent:
    case Reason::backend_invalid:
      return 502;
    case Reason::backend_unreachable:
      return 503;
    case Reason::body_unreadable:
    case Reason::buffers_full:
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
    case Reason::not_configured:
    case Reason::internal:
      return 500;  // .NET and PHP clients read a fault on no other status
  }
  return 500;
}

soap::FaultCode fault_code(Reason reason) {
  switch (reason) {
    case Reason::version_mismatch:
      return soap::FaultCode::version_mismatch;
    case Reason::must_understand:
      return soap::FaultCode::must_understand;
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
    case Reason::header_block:
    case Reason::session_header:
    case Reason::signed_message:
    case Reason::unknown_operation:
    case Reason::no_session:
    case Reason::invalid:
    case Reason::soap_action_mismatch:
    case Reason::subject_missing:
    case Reason::subject_malformed:
    case Reason::subject_not_allowed:
    case Reason::subject_unmapped:
    case Reason::operation_not_allowed:
    case Reason::rule_undecided:
    case Reason::session_guarded:
    case Reason::token_subject:
      return soap::FaultCode::client;
    case Reason::target_not_allowed:
    case Reason::peer_not_verified:
    case Reason::token_configuration:
    case Reason::token_transient:
    case Reason::caller_throttled:
    case Reason::client_throttled:
    case Reason::backend_unreachable:
    case Reason::backend_silent:
    case Reason::backend_invalid:
    case Reason::buffers_full:
    case Reason::not_configured:
    case Reason::internal:
      return soap::FaultCode::server;
  }
  return soap::FaultCode::server;
}

Refusal rule_undecided(std::string_view rule, std::string_view why) {
  return {Reason::rule_undecided,
          std::string(rule) + " could not be evaluated (" + std::string(why) +
              "). The request is refused: it is not known whether the rule applies.",
          {}};
}

std::string_view brief_message(Reason reason) {
  return fault_code(reason) == soap::FaultCode::server
             ? "The gateway could not serve this request; its log says why."
             : "The gateway refused this request; its log says why.";
}

Refusal as_told(const Refusal& refusal) {
  const bool hidden = refusal.reason == Reason::subject_unmapped || refusal.reason == Reason::rule_undecided;
  return hidden ? subject_not_allowed() : refusal;
}

Refusal subject_not_allowed() {
  return {Reason::subject_not_allowed,
          "This caller may not act as the user the request names (SFJwtAllowSubject, SFJwtSubjectMap).",
          std::nullopt};
}

Refusal refusal_of(const soap::DocumentError& error) {
  return {reason_of(error.rule), placed(error).append(remedy(error.rule)), std::nullopt};
}

Refusal refusal_of(const soap::DocumentError& error, const soap::Catalog& catalog) {
  if (!error.foreign) return refusal_of(error);
  return {reason_of(error.rule), placed(error) + wsdl_mismatch(*error.foreign, catalog), std::nullopt};
}

Refusal refusal_of(const oauth::TokenError& error) {
  return {reason_of(error), error.message, error.retry_after_seconds};
}

}  // namespace sfjwt::gateway
