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
    case xml::Rule::invalid:
      return Reason::invalid;
  }
  return Reason::internal;
}

// What the sender can do about it, where the violation alone does not say so.
std::string remedy(xml::Rule rule, const BackendFamily& backend) {
  switch (rule) {
    case xml::Rule::encoding:
      return " Send UTF-8.";
    case xml::Rule::forbidden_markup:
      return " Send plain XML without DOCTYPE, entities and processing instructions.";
    case xml::Rule::session_header:
      return " Send one " + std::string(backend.names.session_header) + " with one " +
             std::string(backend.names.session_id) + " that holds the e-mail of the user.";
    case xml::Rule::signed_message:
      return " Send it unsigned.";
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

Refusal rule_undecided(std::string_view rule, std::string_view why) {
  return {Reason::rule_undecided,
          std::string(rule) + " could not be evaluated (" + std::string(why) +
              "). The request is refused: it is not known whether the rule applies.",
          {}};
}

std::string_view brief_message(Reason reason) {
  switch (row_of(reason).audience) {
    case Audience::server:
      return "The gateway could not process this request; see its log for the reason.";
    case Audience::client:
      return "The gateway refused this request; see its log for the reason.";
  }
  return {};
}

Refusal as_told(const Refusal& refusal, const BackendFamily& backend) {
  if (refusal.reason == Reason::handle_not_valid)
    return {refusal.reason, std::string(backend.session_over_text), {}};
  if (refusal.reason == Reason::login_denied)
    return {refusal.reason, std::string(backend.login_denied_text), {}};
  const bool hidden = refusal.reason == Reason::subject_unmapped || refusal.reason == Reason::rule_undecided;
  return hidden ? subject_not_allowed() : refusal;
}

Refusal subject_not_allowed() {
  return {Reason::subject_not_allowed,
          "This caller may not act as the user the request names (SFJwtAllowSubject, SFJwtSubjectMap).",
          std::nullopt};
}

Refusal refusal_of(const soap::DocumentError& error, const BackendFamily& backend) {
  return {reason_of(error.rule), placed(error) + remedy(error.rule, backend), std::nullopt};
}

Refusal refusal_of(const soap::DocumentError& error, const soap::Catalog& catalog,
                   const BackendFamily& backend) {
  if (!error.foreign) return refusal_of(error, backend);
  return {reason_of(error.rule), placed(error) + wsdl_mismatch(*error.foreign, catalog, backend),
          std::nullopt};
}

Refusal refusal_of(const oauth::TokenError& error) {
  return {reason_of(error), error.message, error.retry_after_seconds};
}

}  // namespace sfjwt::gateway
