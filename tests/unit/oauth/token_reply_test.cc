// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/token_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "tests/unit/keys/invalid_documents.h"
#include "tests/unit/oauth/scripted_transport.h"

namespace sfjwt::oauth {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Class = TokenError::Class;

constexpr UnixTime kNow{std::chrono::seconds{1'700'000'000}};

Result<Grant, TokenError> read(const HttpReply& reply) {
  Client client;
  client.provider = &gateway::kSalesforce.provider;
  client.token_endpoint = "https://login.salesforce.com/services/oauth2/token";
  client.allowed_instances = gateway::default_hosts();
  return read_token_reply(reply, client, kNow);
}

Result<Grant, TokenError> read(std::string body) {
  return read(reply_of(200, std::move(body)));
}

std::string body_with(const std::string& token, const std::string& more = "",
                      const std::string& instance = "https://acme.my.salesforce.com") {
  return R"({"access_token":)" + token + R"(,"instance_url":")" + instance + "\"" + more + "}";
}

std::string complaint(const Result<Grant, TokenError>& result) {
  return result ? std::string("fine") : result.error().message;
}

TEST(TokenReply, ARealReplyIsAGrant) {
  const auto grant = read(granted("00Dxx0000001gPL!AR8AQJXg5oj8jXSgxJfA0lBog."));
  ASSERT_TRUE(grant.has_value()) << grant.error().message;
  EXPECT_EQ(grant->access_token.reveal(), "00Dxx0000001gPL!AR8AQJXg5oj8jXSgxJfA0lBog.");
  EXPECT_EQ(grant->instance_url, "https://acme.my.salesforce.com");
  EXPECT_FALSE(grant->expires_in.has_value());
}

TEST(TokenReply, TheTokenTypeIsBearerOrNone) {
  EXPECT_EQ(complaint(read(body_with("\"a\""))), "fine");
  EXPECT_EQ(complaint(read(body_with("\"a\"", R"(,"token_type":"bearer")"))), "fine");
  for (const char* type : {R"("mac")", R"("")", "1", "{}", R"("Bearer ")"}) {
    EXPECT_THAT(complaint(read(body_with("\"a\"", R"(,"token_type":)" + std::string(type)))),
                HasSubstr("token_type"));
  }
}

TEST(TokenReply, AnExpiryIsReadAndANonsenseOneRefused) {
  EXPECT_EQ(read(body_with("\"a\"", R"(,"expires_in":3600)"))->expires_in, std::chrono::seconds{3600});
  for (const char* life : {"0", "-1", "\"3600\"", "1e400", "99999999999999999999", "true", "1.5"}) {
    EXPECT_FALSE(read(body_with("\"a\"", R"(,"expires_in":)" + std::string(life))).has_value()) << life;
  }
}

TEST(TokenReply, AnInstanceThatRepeatsTheTokenIsNotNamed) {
  const auto named = [](const std::string& host) {
    return complaint(read(body_with("\"00Dxx0000001gPL!AR8AQJXg5oj8\"", "", "https://" + host)));
  };
  EXPECT_THAT(named("ar8aqjxg5oj8.example"), HasSubstr("its instance_url repeats its access_token"));
  EXPECT_THAT(named("ar8.aqj.xg5.oj8"), HasSubstr("its instance_url repeats its access_token"));
  EXPECT_THAT(named("evil.example"), HasSubstr("names the host evil.example"));
}

TEST(TokenReply, ATokenThatIsNoSessionIdIsRefusedAndNeverShown) {
  for (const std::string token : {R"("CANARY<a")", R"("CANARY&a")", R"("CANARY\r\n")", R"("CANARY\u0000")",
                                  R"("CANARY a")", R"("CANARY\"")", "\"CANARY\xC3\xA4\"", R"("CANARY'")"}) {
    EXPECT_THAT(complaint(read(body_with(token))), AllOf(HasSubstr("characters"), Not(HasSubstr("CANARY"))));
  }
  EXPECT_THAT(complaint(read(body_with("\"" + std::string(4097, 'a') + "\""))),
              HasSubstr("longer than 4096"));
  EXPECT_EQ(complaint(read(body_with("\"" + std::string(4096, 'a') + "\""))), "fine");
  EXPECT_THAT(complaint(read(body_with("\"\""))), HasSubstr("is empty"));
  for (const char* token : {"1", "null", "true", "{}", R"(["a"])"}) {
    EXPECT_THAT(complaint(read(body_with(token))), HasSubstr("no access_token string")) << token;
  }
  EXPECT_THAT(complaint(read("{}")), HasSubstr("no access_token string"));
}

TEST(TokenReply, ATokenInJwtFormatIsRefusedWithTheReason) {
  const auto result = read(body_with(R"("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln")"));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().error_class, Class::configuration);
  EXPECT_THAT(result.error().message,
              AllOf(HasSubstr("JWT format, which the Salesforce SOAP APIs do not accept"),
                    HasSubstr("Setup > External Client App Manager")));
  EXPECT_EQ(complaint(read(body_with(R"("00D!a.b.c")"))), "fine");
  EXPECT_EQ(complaint(read(body_with(R"("abc.def.ghi")"))), "fine");
}

TEST(TokenReply, AnInstanceThatIsNotAllowedIsRefused) {
  for (const char* instance :
       {"http://acme.my.salesforce.com", "https://evil.example", "https://u@acme.my.salesforce.com",
        "https://acme.my.salesforce.com:8443", "https://acme.my.salesforce.com/x", ""}) {
    const auto result = read(body_with("\"a\"", "", instance));
    ASSERT_FALSE(result.has_value()) << instance;
    EXPECT_EQ(result.error().error_class, Class::configuration);
    EXPECT_THAT(result.error().message, HasSubstr("instance_url"));
  }
  EXPECT_THAT(complaint(read(R"({"access_token":"a"})")), HasSubstr("no instance_url string"));
  EXPECT_THAT(complaint(read(R"({"access_token":"a","instance_url":7})")),
              HasSubstr("no instance_url string"));
}

TEST(TokenReply, OnlyAJsonObjectIsRead) {
  for (const std::string& body :
       {std::string(), std::string(" \n"), std::string("null"), std::string("[]"), std::string("\"a\""),
        body_with("\"a\"") + "x", "/**/" + body_with("\"a\""), "\xEF\xBB\xBF" + body_with("\"a\""),
        body_with("\"a\"", R"(,"access_token":"b")"), body_with("\"a\"", R"(,"x":"\ud800")"),
        body_with("\"a\"", ",\"x\":\"\n\""), std::string(100'000, '['),
        body_with("\"a\"", ",\"n\":1e9999")}) {
    const auto result = read(body);
    ASSERT_FALSE(result.has_value()) << body.substr(0, 200);
    EXPECT_EQ(result.error().error_class, Class::configuration);
  }
  EXPECT_THAT(complaint(read("<!DOCTYPE html><html>log in</html>")),
              AllOf(HasSubstr("looks like a web page"), HasSubstr("SFJwtTokenEndpoint must be")));
}

TEST(TokenReply, NoDocumentThatIsNotSoundGivesAToken) {
  ASSERT_TRUE(read(body_with("\"a\"", ",\"x\":{}")).has_value());
  for (const std::string& document : keys::invalid_documents()) {
    EXPECT_FALSE(read(document).has_value()) << document;
    EXPECT_FALSE(read(body_with("\"a\"", ",\"x\":" + document)).has_value()) << document;
  }
}

TEST(TokenReply, StatusOtherThan200IsNeverAGrant) {
  for (const long status : {0L, 201L, 204L, 206L, 302L, 400L, 401L, 500L}) {
    EXPECT_FALSE(read(reply_of(status, body_with("\"a\""))).has_value()) << status;
  }
}

TEST(TokenReply, AnOAuthErrorKeepsItsCodeAndTheSkewOfTheClocks) {
  HttpReply reply = refused("invalid_grant", "expired authorization code");
  reply.date = kNow - std::chrono::seconds{7200};
  const auto result = read(reply);
  EXPECT_EQ(result.error().code, "invalid_grant");
  EXPECT_THAT(result.error().message, HasSubstr("7200 s ahead of the server's"));
}

TEST(TokenReply, AnErrorWithStatus200IsAnErrorAndNoGrant) {
  const auto result =
      read(R"({"error":"invalid_grant","error_description":"user is locked","access_token":"a"})");
  EXPECT_EQ(result.error().error_class, Class::subject);
}

TEST(TokenReply, ForeignPagesAreJudgedByTheirStatus) {
  const auto error_with = [](long status) { return read(reply_of(status, "<html>Down</html>")).error(); };
  for (const long status : {408L, 429L, 500L, 502L, 503L, 504L}) {
    EXPECT_EQ(error_with(status).error_class, Class::transient) << status;
  }
  for (const long status : {301L, 302L, 307L, 400L, 403L, 404L, 405L}) {
    EXPECT_EQ(error_with(status).error_class, Class::configuration) << status;
  }
  EXPECT_EQ(error_with(503).code, "http_503");
  EXPECT_THAT(error_with(302).message, HasSubstr("redirect"));
}

TEST(TokenReply, RetryAfterIsPassedOnWithinBounds) {
  HttpReply reply = reply_of(429, "");
  reply.retry_after_seconds = 17;
  EXPECT_EQ(read(reply).error().retry_after_seconds, 17);
  reply.retry_after_seconds = std::numeric_limits<long>::max();
  EXPECT_EQ(read(reply).error().retry_after_seconds, 300);
}

TEST(TokenReply, ADateOfRetryAfterIsByTheServersClockOrElseByOurs) {
  HttpReply reply = reply_of(503, "");
  reply.retry_at = kNow + std::chrono::seconds{40};
  EXPECT_EQ(read(reply).error().retry_after_seconds, 40);
  reply.date = kNow + std::chrono::seconds{30};
  EXPECT_EQ(read(reply).error().retry_after_seconds, 10);
  reply.date = kNow + std::chrono::hours{1};
  EXPECT_EQ(read(reply).error().retry_after_seconds, 0);
}

}  // namespace
}  // namespace sfjwt::oauth
