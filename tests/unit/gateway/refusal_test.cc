// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/refusal.h"
#include "mod_sfjwt/gateway/salesforce.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace sfjwt::gateway {
namespace {

using testing::EndsWith;
using testing::MatchesRegex;

std::vector<Reason> all_reasons() {
  std::vector<Reason> reasons;
  for (int i = 0; i <= static_cast<int>(Reason::internal); ++i) reasons.push_back(static_cast<Reason>(i));
  return reasons;
}

TEST(Refusal, WhatCannotBeEvaluatedIsToldLikeWhatIsNotAllowed) {
  const Refusal told =
      as_told(rule_undecided("SFJwtSubjectMap (/etc/x.conf:12)", "match limit exceeded"), kSalesforce);
  EXPECT_EQ(told.reason, Reason::subject_not_allowed);
  EXPECT_EQ(told.message, subject_not_allowed().message);
}

TEST(Refusal, EveryReasonHasANumberOfItsOwn) {
  std::set<std::string_view> seen;
  for (const Reason reason : all_reasons()) {
    EXPECT_THAT(std::string(code(reason)), MatchesRegex("SFJ0[0-9][0-9][0-9]"));
    EXPECT_TRUE(seen.insert(code(reason)).second) << code(reason) << " is given twice";
  }
}

TEST(Refusal, TheNumbersThatWereGivenAwayKeepTheirMeaning) {
  EXPECT_EQ(code(Reason::method_not_allowed), "SFJ0101");
  EXPECT_EQ(code(Reason::unsupported_media_type), "SFJ0102");
  EXPECT_EQ(code(Reason::unsupported_content_encoding), "SFJ0103");
  EXPECT_EQ(code(Reason::body_too_large), "SFJ0104");
  EXPECT_EQ(code(Reason::body_unreadable), "SFJ0105");
  EXPECT_EQ(code(Reason::buffers_full), "SFJ0106");
  EXPECT_EQ(code(Reason::not_well_formed), "SFJ0201");
  EXPECT_EQ(code(Reason::encoding), "SFJ0202");
  EXPECT_EQ(code(Reason::forbidden_markup), "SFJ0203");
  EXPECT_EQ(code(Reason::limit), "SFJ0204");
  EXPECT_EQ(code(Reason::envelope), "SFJ0301");
  EXPECT_EQ(code(Reason::version_mismatch), "SFJ0302");
  EXPECT_EQ(code(Reason::must_understand), "SFJ0303");
  EXPECT_EQ(code(Reason::header_block), "SFJ0304");
  EXPECT_EQ(code(Reason::session_header), "SFJ0305");
  EXPECT_EQ(code(Reason::signed_message), "SFJ0306");
  EXPECT_EQ(code(Reason::unknown_operation), "SFJ0307");
  EXPECT_EQ(code(Reason::no_session), "SFJ0308");
  EXPECT_EQ(code(Reason::invalid), "SFJ0309");
  EXPECT_EQ(code(Reason::soap_action_mismatch), "SFJ0310");
  EXPECT_EQ(code(Reason::subject_missing), "SFJ0401");
  EXPECT_EQ(code(Reason::subject_malformed), "SFJ0402");
  EXPECT_EQ(code(Reason::subject_not_allowed), "SFJ0403");
  EXPECT_EQ(code(Reason::subject_unmapped), "SFJ0405");
  EXPECT_EQ(code(Reason::operation_not_allowed), "SFJ0406");
  EXPECT_EQ(code(Reason::target_not_allowed), "SFJ0501");
  EXPECT_EQ(code(Reason::token_subject), "SFJ0601");
  EXPECT_EQ(code(Reason::token_configuration), "SFJ0602");
  EXPECT_EQ(code(Reason::token_transient), "SFJ0603");
  EXPECT_EQ(code(Reason::caller_throttled), "SFJ0604");
  EXPECT_EQ(code(Reason::client_throttled), "SFJ0605");
  EXPECT_EQ(code(Reason::backend_unreachable), "SFJ0701");
  EXPECT_EQ(code(Reason::backend_silent), "SFJ0702");
  EXPECT_EQ(code(Reason::backend_invalid), "SFJ0704");
  EXPECT_EQ(code(Reason::not_configured), "SFJ0901");
  EXPECT_EQ(code(Reason::internal), "SFJ0902");
}

TEST(Refusal, WhatIsRefusedBeforeTheBodyWasReadHasTheStatusOfHttp) {
  EXPECT_EQ(http_status(Reason::method_not_allowed), 405);
  EXPECT_EQ(http_status(Reason::body_too_large), 413);
  EXPECT_EQ(http_status(Reason::unsupported_media_type), 415);
  EXPECT_EQ(http_status(Reason::unsupported_content_encoding), 415);
}

TEST(Refusal, WhatSalesforceDoesNotAnswerHasTheStatusOfAGateway) {
  EXPECT_EQ(http_status(Reason::backend_unreachable), 503);
  EXPECT_EQ(http_status(Reason::backend_silent), 502);
  EXPECT_EQ(http_status(Reason::backend_invalid), 502);
}

TEST(Refusal, ABriefMessageSaysOnlyWhoseAffairItIs) {
  EXPECT_EQ(brief_message(Reason::invalid), brief_message(Reason::subject_not_allowed));
  EXPECT_EQ(brief_message(Reason::internal), brief_message(Reason::token_configuration));
  EXPECT_NE(brief_message(Reason::invalid), brief_message(Reason::internal));
}

TEST(Refusal, EveryOtherReasonIsA500SinceClientsReadFaultsOnNoOtherStatus) {
  const std::set<Reason> of_http = {Reason::method_not_allowed,     Reason::body_too_large,
                                    Reason::unsupported_media_type, Reason::unsupported_content_encoding,
                                    Reason::backend_unreachable,    Reason::backend_silent,
                                    Reason::backend_invalid};
  for (const Reason reason : all_reasons()) {
    if (of_http.count(reason) != 0) continue;
    EXPECT_EQ(http_status(reason), 500) << code(reason);
  }
}

TEST(Refusal, SoapFaultCodesOfTheirOwnAreUsedWhereSoapHasThem) {
  EXPECT_EQ(fault_code(Reason::version_mismatch), soap::FaultCode::version_mismatch);
  EXPECT_EQ(fault_code(Reason::must_understand), soap::FaultCode::must_understand);
}

TEST(Refusal, TheServerIsToBlameForWhatTheClientCannotMend) {
  for (const Reason reason : all_reasons()) {
    const auto group = code(reason).substr(3, 2);
    const bool server = group == "05" || group == "07" || group == "09" || reason == Reason::buffers_full ||
                        reason == Reason::token_configuration || reason == Reason::token_transient ||
                        reason == Reason::caller_throttled || reason == Reason::client_throttled ||
                        reason == Reason::login_undecided;
    EXPECT_EQ(fault_code(reason) == soap::FaultCode::server, server) << code(reason);
  }
}

TEST(Refusal, AClientIsNotToldWhetherTheMapKnowsAUser) {
  const Refusal unmapped{Reason::subject_unmapped, "The gateway has no Salesforce user.", {}};
  EXPECT_EQ(as_told(unmapped, kSalesforce).reason, subject_not_allowed().reason);
  EXPECT_EQ(as_told(unmapped, kSalesforce).message, subject_not_allowed().message);
  EXPECT_EQ(as_told(unmapped, kSalesforce).retry_after_seconds, subject_not_allowed().retry_after_seconds);
  EXPECT_EQ(code(unmapped.reason), "SFJ0405");
}

TEST(Refusal, EveryOtherRefusalIsToldAsItIs) {
  for (const Reason reason : all_reasons()) {
    if (reason == Reason::subject_unmapped || reason == Reason::rule_undecided) continue;
    if (reason == Reason::handle_not_valid || reason == Reason::login_denied) continue;
    const Refusal shown = as_told({reason, "why", 7}, kSalesforce);
    EXPECT_EQ(shown.reason, reason) << code(reason);
    EXPECT_EQ(shown.message, "why");
    EXPECT_EQ(shown.retry_after_seconds, 7);
  }
}

TEST(Refusal, WhyALoginOrItsHandleIsRefusedIsForTheLog) {
  const Refusal handle = as_told({Reason::handle_not_valid, "it was revoked", {}}, kSalesforce);
  const Refusal login = as_told({Reason::login_denied, "too many failed logins", {}}, kSalesforce);
  EXPECT_EQ(handle.message, kSalesforce.session_over_text);
  EXPECT_EQ(login.message, kSalesforce.login_denied_text);
}

TEST(Refusal, EveryRuleOfADocumentHasTheReasonOfTheSameName) {
  const auto reason_of = [](xml::Rule rule) {
    soap::DocumentError error{};
    error.rule = rule;
    return refusal_of(error, kSalesforce).reason;
  };
  EXPECT_EQ(reason_of(xml::Rule::well_formed), Reason::not_well_formed);
  EXPECT_EQ(reason_of(xml::Rule::encoding), Reason::encoding);
  EXPECT_EQ(reason_of(xml::Rule::forbidden_markup), Reason::forbidden_markup);
  EXPECT_EQ(reason_of(xml::Rule::limit), Reason::limit);
  EXPECT_EQ(reason_of(xml::Rule::envelope), Reason::envelope);
  EXPECT_EQ(reason_of(xml::Rule::version_mismatch), Reason::version_mismatch);
  EXPECT_EQ(reason_of(xml::Rule::must_understand), Reason::must_understand);
  EXPECT_EQ(reason_of(xml::Rule::header_block), Reason::header_block);
  EXPECT_EQ(reason_of(xml::Rule::session_header), Reason::session_header);
  EXPECT_EQ(reason_of(xml::Rule::signed_message), Reason::signed_message);
  EXPECT_EQ(reason_of(xml::Rule::unknown_operation), Reason::unknown_operation);
  EXPECT_EQ(reason_of(xml::Rule::invalid), Reason::invalid);
}

TEST(Refusal, ADocumentErrorIsToldWithLineColumnAndPath) {
  soap::DocumentError error{};
  error.rule = xml::Rule::unknown_operation;
  error.line = 3;
  error.column = 14;
  error.path = "/Envelope/Body/querry";
  error.message = "the WSDL has no such operation: querry";
  EXPECT_EQ(refusal_of(error, kSalesforce).message,
            "Line 3, column 14, /Envelope/Body/querry: the WSDL has no such operation: querry.");
}

TEST(Refusal, ADocumentErrorBeforeAnyElementIsToldWithoutPath) {
  soap::DocumentError error{};
  error.rule = xml::Rule::forbidden_markup;
  error.message = "a DOCTYPE is not accepted";
  EXPECT_THAT(refusal_of(error, kSalesforce).message,
              testing::StartsWith("Line 1, column 1: a DOCTYPE is not accepted. "));
}

TEST(Refusal, ASessionHeaderErrorSaysWhatToSend) {
  soap::DocumentError error{};
  error.rule = xml::Rule::session_header;
  error.message = "there is more than one sessionId";
  EXPECT_THAT(refusal_of(error, kSalesforce).message, EndsWith("holds the e-mail of the user."));
}

TEST(Refusal, ATokenErrorKeepsItsSentenceAndItsRetryAfter) {
  const oauth::TokenError error{oauth::TokenError::Class::transient, "unreachable",
                                "The token endpoint did not answer.", 30};
  const Refusal refusal = refusal_of(error);
  EXPECT_EQ(refusal.message, "The token endpoint did not answer.");
  EXPECT_EQ(refusal.retry_after_seconds, 30);
}

TEST(Refusal, TheClassOfATokenErrorDecidesTheReason) {
  using Class = oauth::TokenError::Class;
  const auto reason_of = [](Class error_class) {
    return refusal_of(oauth::TokenError{error_class, "", "", {}}).reason;
  };
  EXPECT_EQ(reason_of(Class::subject), Reason::token_subject);
  EXPECT_EQ(reason_of(Class::configuration), Reason::token_configuration);
  EXPECT_EQ(reason_of(Class::transient), Reason::token_transient);
}

}  // namespace
}  // namespace sfjwt::gateway
