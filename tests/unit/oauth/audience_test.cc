// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/audience.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mod_sfjwt/gateway/salesforce.h"

namespace sfjwt::oauth {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string hint(const std::string& host) {
  Client client;
  client.provider = &gateway::kSalesforce.provider;
  client.audience = "https://wrong.example";
  client.token_endpoint = "https://" + host + "/services/oauth2/token?so=00D";
  return audience_hint(client);
}

TEST(Audience, TheHintNamesWhatIsConfiguredAndTheEndpoint) {
  EXPECT_THAT(hint("login.example:8443"),
              AllOf(HasSubstr("SFJwtAudience is https://wrong.example"), HasSubstr("is at login.example:")));
}

TEST(Audience, ASandboxTakesTheSandboxesAudience) {
  for (const char* host : {"test.salesforce.com", "acme--uat.sandbox.my.salesforce.com",
                           "acme--uat.my.salesforce.com", "ACME--UAT.sandbox.my.salesforce.com:443"}) {
    EXPECT_THAT(hint(host), AllOf(HasSubstr("a sandbox"), HasSubstr("takes https://test.salesforce.com")))
        << host;
  }
}

TEST(Audience, AProductionOrgTakesProductions) {
  for (const char* host : {"login.salesforce.com", "acme.my.salesforce.com"}) {
    EXPECT_THAT(hint(host), HasSubstr("which takes https://login.salesforce.com (SFJwtAudience production)"))
        << host;
  }
}

TEST(Audience, AnExperienceCloudSiteTakesItsOwnUrl) {
  EXPECT_THAT(hint("acme.my.site.com"), HasSubstr("takes its own URL, https://acme.my.site.com"));
}

TEST(Audience, TheTokenEndpointIsBelowTheAuthorizationServer) {
  for (const char* audience :
       {"https://login.salesforce.com", "https://login.salesforce.com/", "https://login.salesforce.com//"})
    EXPECT_EQ(default_token_endpoint(audience, gateway::kSalesforce.provider),
              "https://login.salesforce.com/services/oauth2/token");
}

TEST(Audience, ATokenEndpointWithoutAPathIsNamedWithTheUrlToWrite) {
  for (const char* url : {"https://login.salesforce.com", "https://login.salesforce.com/",
                          "https://login.salesforce.com//", "https://login.salesforce.com?so=00D"})
    EXPECT_EQ(missing_endpoint_path(url, gateway::kSalesforce.provider),
              "must have a path: write https://login.salesforce.com/services/oauth2/token");
  EXPECT_EQ(missing_endpoint_path("https://[::1]:8443", gateway::kSalesforce.provider),
            "must have a path: write https://[::1]:8443/services/oauth2/token");
  EXPECT_EQ(missing_endpoint_path("https://login.salesforce.com/services/oauth2/token?so=00D",
                                  gateway::kSalesforce.provider),
            std::nullopt);
  EXPECT_EQ(missing_endpoint_path("https://gateway.corp.example/t", gateway::kSalesforce.provider),
            std::nullopt);
}

TEST(Audience, OfAnUnknownHostAllThatCouldFitIsSaid) {
  for (const char* host : {"localhost", "evil-test.salesforce.com.example"}) {
    EXPECT_THAT(hint(host), AllOf(HasSubstr("https://login.salesforce.com"),
                                  HasSubstr("https://test.salesforce.com"), HasSubstr("its own URL")));
  }
}

}  // namespace
}  // namespace sfjwt::oauth
