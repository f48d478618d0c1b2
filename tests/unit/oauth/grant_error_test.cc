// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/grant_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sfjwt::oauth {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Class = TokenError::Class;
using std::chrono::seconds;

TokenError error_for(std::string_view error, std::string_view description, seconds ahead = seconds{0},
                     long status = 400) {
  Client client;
  client.token_endpoint = "https://acme.my.salesforce.com/services/oauth2/token?so=00D000000000001";
  client.client_id = "3MVG9 example&";
  return grant_error(GrantRefusal{status, error, description, ahead}, client);
}

struct Case {
  const char* error;
  const char* description;
  Class error_class;
  const char* remedy;
};

TEST(GrantError, EveryKnownRefusalHasItsClassAndRemedy) {
  constexpr Case kCases[] = {
      {"invalid_grant", "user hasn't approved this consumer", Class::subject, "pre-authorize"},
      {"invalid_grant", "audience is invalid", Class::configuration, "SFJwtAudience"},
      {"invalid_grant", "Audience validation failed", Class::configuration, "SFJwtAudience"},
      {"invalid_grant", "invalid assertion", Class::configuration, "certificate"},
      {"invalid_grant", "expired authorization code", Class::configuration, "clock"},
      {"invalid_grant", "user is locked", Class::subject, "unlock"},
      {"inactive_user", "user is inactive", Class::subject, "activate"},
      {"invalid_grant", "inactive user", Class::subject, "activate"},
      {"invalid_app_access", "user is not admin approved to access this app", Class::subject,
       "permission set"},
      {"invalid_client_id", "client identifier invalid", Class::configuration, "consumer key"},
      {"invalid_client", "", Class::configuration, "SFJwtClientId"},
      {"invalid_grant", "External client app is not installed in this org", Class::configuration, "install"},
      {"invalid_grant", "login rate exceeded", Class::transient, "rate"},
      {"rate_limit_exceeded", "too many", Class::transient, "rate"},
      {"invalid_grant", "ip restricted", Class::subject, "IP ranges"},
      {"unauthorized_client", "", Class::configuration, "enable"},
      {"unsupported_grant_type", "grant type not supported", Class::configuration, "SFJwtTokenEndpoint"},
      {"invalid_grant", "something new", Class::subject, "login history"},
      {"something_new", "", Class::configuration, "login history"},
      {"server_error", "", Class::transient, "tried again"},
      {"temporarily_unavailable", "", Class::transient, "tried again"},
  };
  for (const Case& known : kCases) {
    const TokenError error = error_for(known.error, known.description);
    EXPECT_EQ(error.error_class, known.error_class) << known.error << " " << known.description;
    EXPECT_EQ(error.code, known.error);
    EXPECT_THAT(error.message,
                AllOf(HasSubstr(known.error), HasSubstr(known.description), HasSubstr(known.remedy)));
  }
}

TEST(GrantError, AMissingApprovalNamesTheUrlWhereItIsGiven) {
  EXPECT_THAT(error_for("invalid_grant", "user hasn't approved this consumer").message,
              HasSubstr("https://acme.my.salesforce.com/services/oauth2/authorize?response_type=code"
                        "&client_id=3MVG9%20example%26&redirect_uri="));
}

TEST(GrantError, AClockThatIsOffIsNamedWhereItCanBeTheCause) {
  EXPECT_THAT(error_for("invalid_grant", "expired authorization code", seconds{-3600}).message,
              HasSubstr("clock is 3600 s behind the server's"));
  EXPECT_THAT(error_for("invalid_grant", "invalid assertion", seconds{61}).message,
              HasSubstr("61 s ahead of"));
  EXPECT_THAT(error_for("invalid_grant", "invalid assertion", seconds{60}).message,
              Not(HasSubstr("ahead of")));
  EXPECT_THAT(error_for("invalid_grant", "user is locked", seconds{3600}).message, Not(HasSubstr("clock")));
}

TEST(GrantError, AServerInTroubleIsTransientWhateverItSays) {
  EXPECT_EQ(error_for("invalid_client_id", "x", seconds{0}, 503).error_class, Class::transient);
  EXPECT_EQ(error_for("invalid_grant", "x", seconds{0}, 429).error_class, Class::transient);
}

TEST(GrantError, TheServersWordsAreEscapedAndCut) {
  const auto error = error_for("bad\r\nerror", "line\r\n\x1b[31m" + std::string(10'000, ' '));
  EXPECT_EQ(error.code, "bad\\x0d\\x0aerror");
  EXPECT_THAT(error.message, AllOf(HasSubstr("line\\x0d\\x0a\\x1b["), Not(HasSubstr("\n"))));
  EXPECT_LT(error.message.size(), 700U);
}

TEST(GrantError, AnEchoedAssertionIsLeftOut) {
  const std::string echoed = "eyJhbGciOiJSUzI1NiJ9." + std::string(200, 'A') + ".c2ln";
  EXPECT_THAT(error_for("invalid_grant", "bad assertion " + echoed + " given").message,
              AllOf(HasSubstr("bad assertion [...] given"), Not(HasSubstr("eyJ"))));
  EXPECT_THAT(error_for(echoed, "").message, Not(HasSubstr("eyJ")));
}

}  // namespace
}  // namespace sfjwt::oauth
