// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/grant_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mod_sfjwt/gateway/salesforce.h"

namespace sfjwt::oauth {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Class = TokenError::Class;
using std::chrono::seconds;

TokenError error_for(std::string_view error, std::string_view description,
                     std::optional<seconds> ahead = seconds{0}, long status = 400) {
  Client client;
  client.provider = &gateway::kSalesforce.provider;
  client.token_endpoint = "https://acme.my.salesforce.com/services/oauth2/token?so=00D000000000001";
  client.client_id = "3MVG9 example&";
  client.audience = "https://test.salesforce.com";
  return grant_error(GrantRefusal{status, error, description, ahead}, client);
}

struct Case {
  const char* error;
  const char* description;
  FetchFailure cause;
  const char* remedy;
};

TEST(GrantError, EveryKnownRefusalHasItsCauseAndRemedy) {
  using Cause = FetchFailure;
  constexpr Case kCases[] = {
      {"invalid_grant", "user hasn't approved this consumer", Cause::approval,
       "Setup > External Client App Manager"},
      {"invalid_grant", "audience is invalid", Cause::audience, "SFJwtAudience"},
      {"invalid_grant", "Audience validation failed", Cause::audience, "SFJwtAudience"},
      {"invalid_grant", "invalid assertion", Cause::assertion, "Setup > External Client App Manager"},
      {"invalid_grant", "expired authorization code", Cause::clock, "clock"},
      {"invalid_grant", "assertion is not yet valid", Cause::clock, "clock"},
      {"invalid_grant", "user is locked", Cause::user, "Setup > Users"},
      {"inactive_user", "user is inactive", Cause::user, "Setup > Users"},
      {"invalid_grant", "inactive user", Cause::user, "Setup > Users"},
      {"invalid_app_access", "user is not admin approved to access this app", Cause::app_access,
       "Setup > External Client App Manager"},
      {"invalid_client_id", "client identifier invalid", Cause::client,
       "Setup > External Client App Manager"},
      {"invalid_client", "invalid client credentials", Cause::client, "Setup > External Client App Manager"},
      {"invalid_grant", "External client app is not installed in this org", Cause::app, "install"},
      {"OAUTH_EC_APP_NOT_FOUND", "", Cause::app, "install"},
      {"invalid_grant", "login rate exceeded", Cause::rate, "Setup > Login History"},
      {"rate_limit_exceeded", "too many", Cause::rate, "Setup > Login History"},
      {"invalid_grant", "ip restricted", Cause::app_access, "Setup > Profiles"},
      {"inactive_org", "org locked", Cause::app, "Contact Salesforce"},
      {"unauthorized_client", "", Cause::app, "Setup > External Client App Manager"},
      {"unsupported_grant_type", "grant type not supported", Cause::app, "SFJwtTokenEndpoint"},
      {"invalid_scope", "", Cause::app, "Setup > External Client App Manager"},
      {"invalid_request", "", Cause::request, "SFJwtTokenParam"},
      {"invalid_grant", "user must change password", Cause::grant, "Setup > Login History"},
      {"unsupported_protocol", "", Cause::request, "Setup > Login History"},
      {"server_error", "", Cause::server, "tries again"},
      {"temporarily_unavailable", "", Cause::server, "tries again"},
      {"invalid_request", "token request is already being processed", Cause::server, "tries again"},
  };
  for (const Case& known : kCases) {
    const TokenError error = error_for(known.error, known.description);
    EXPECT_EQ(error.cause, known.cause) << known.error << " " << known.description;
    EXPECT_EQ(error.error_class, class_of(known.cause));
    EXPECT_EQ(error.code, known.error);
    EXPECT_TRUE(error.message.ends_with('.')) << error.message;
    EXPECT_THAT(error.message,
                AllOf(HasSubstr(known.error), HasSubstr(known.description), HasSubstr(known.remedy)));
  }
}

TEST(GrantError, AMissingApprovalNamesTheUrlWhereItIsGiven) {
  EXPECT_THAT(error_for("invalid_grant", "user hasn't approved this consumer").message,
              HasSubstr("https://acme.my.salesforce.com/services/oauth2/authorize?response_type=code"
                        "&client_id=3MVG9%20example%26&redirect_uri="));
}

TEST(GrantError, TheUrlOfTheApprovalIsBuiltFromTheAuthorizationEndpointThatIsConfigured) {
  Client client;
  client.provider = &gateway::kSalesforce.provider;
  client.token_endpoint = "https://login.salesforce.com/elsewhere";
  const GrantRefusal refusal{400, "invalid_grant", "user hasn't approved this consumer", {}};
  EXPECT_THAT(grant_error(refusal, client).message, HasSubstr("(SFJwtAuthorizationEndpoint)"));
  client.authorization_endpoint = "https://acme.my.site.com/authorize?a=b";
  EXPECT_THAT(grant_error(refusal, client).message,
              HasSubstr("https://acme.my.site.com/authorize?a=b&response_type=code&client_id="));
}

TEST(GrantError, AnAudienceThatDoesNotFitIsNamedWithTheOneThatDoes) {
  EXPECT_THAT(error_for("invalid_grant", "audience is invalid").message,
              AllOf(HasSubstr("SFJwtAudience is https://test.salesforce.com"),
                    HasSubstr("acme.my.salesforce.com"), HasSubstr("takes https://login.salesforce.com")));
}

TEST(GrantError, AnAssertionOutOfTimeIsExplainedByWhatTheClocksSay) {
  const auto expired = [](std::optional<seconds> ahead) {
    return error_for("invalid_grant", "expired authorization code", ahead).message;
  };
  EXPECT_THAT(expired(seconds{-3600}), HasSubstr("clock is 3600 s behind the server's: set it right"));
  EXPECT_THAT(expired(seconds{75}), HasSubstr("clock is 75 s ahead of the server's: set it right"));
  EXPECT_THAT(expired(seconds{2}),
              AllOf(HasSubstr("2 s ahead of the server's, which is close enough"), HasSubstr("(180 s)")));
  EXPECT_THAT(expired(seconds{0}), HasSubstr("clock is equal to the server's"));
  EXPECT_THAT(expired(std::nullopt), AllOf(HasSubstr("does not say its time"), HasSubstr("NTP")));
}

TEST(GrantError, AClockThatIsOffIsNamedWhereItCanBeTheCause) {
  EXPECT_THAT(error_for("invalid_grant", "invalid assertion", seconds{61}).message,
              HasSubstr("61 s ahead of"));
  EXPECT_THAT(error_for("invalid_grant", "invalid assertion", seconds{60}).message,
              Not(HasSubstr("ahead of")));
  EXPECT_THAT(error_for("invalid_grant", "user is locked", seconds{3600}).message, Not(HasSubstr("clock")));
}

TEST(GrantError, AServerInTroubleIsTransientWhateverItSays) {
  EXPECT_EQ(error_for("invalid_client_id", "x", seconds{0}, 503).error_class, Class::transient);
  EXPECT_EQ(error_for("invalid_grant", "x", seconds{0}, 429).cause, FetchFailure::rate);
}

TEST(GrantError, WordsNobodyKnowsAreToldByTheirLength) {
  const auto error = error_for("bad\r\nerror", "line\r\n\x1b[31m" + std::string(10'000, ' '));
  EXPECT_EQ(error.code, "unlisted_error");
  EXPECT_THAT(error.message,
              HasSubstr("The token endpoint answered an error of 10 bytes that is not shown (with a "
                        "description of 10011 bytes that is not shown). "));
}

TEST(GrantError, ADescriptionThatIsNotShownIsStillUnderstood) {
  EXPECT_EQ(error_for("invalid_grant", "user is locked: 00D000000000001").cause, FetchFailure::user);
}

TEST(GrantError, AnEchoedAssertionIsLeftOutHoweverItIsCut) {
  const std::string echoed = "eyJhbGciOiJSUzI1NiJ9." + std::string(200, 'A') + ".c2ln";
  std::string words;
  for (const char c : echoed) (words += c) += ' ';
  for (const std::string& text : {echoed, words, "bad assertion " + echoed}) {
    EXPECT_THAT(error_for("invalid_grant", text).message,
                AllOf(Not(HasSubstr("eyJ")), Not(HasSubstr("e y J"))));
    EXPECT_THAT(error_for(text, "").message, AllOf(Not(HasSubstr("eyJ")), Not(HasSubstr("e y J"))));
    EXPECT_EQ(error_for(text, "").code, "unlisted_error");
  }
}

}  // namespace
}  // namespace sfjwt::oauth
