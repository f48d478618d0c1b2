// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/assertion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <json/json.h>

#include "mod_sfjwt/core/base64url.h"
#include "mod_sfjwt/oauth/json.h"
#include "tests/unit/keys/key_files.h"

namespace sfjwt::oauth {
namespace {

using ::testing::HasSubstr;

constexpr UnixTime kNow{std::chrono::seconds{1'700'000'000}};

class AssertionTest : public ::testing::Test {
 protected:
  AssertionTest()
      : reference_(keys::rsa_key()),
        key_(*keys::SigningKey::load(folder_.file("key.pem", keys::private_pem(reference_)))) {
    client_.token_endpoint = "https://login.salesforce.com/services/oauth2/token";
    client_.client_id = "3MVG9.example";
    client_.audience = "https://login.salesforce.com";
  }

  std::vector<std::string> parts(std::string_view subject) {
    const auto jwt = signed_assertion(client_, subject, key_, kNow);
    if (!jwt) throw std::runtime_error(jwt.error());
    const std::string text(jwt->reveal());
    const auto first = text.find('.');
    const auto second = text.find('.', first + 1);
    return {text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
  }
  std::string payload(std::string_view subject) { return base64url_decoded(parts(subject)[1]).value(); }
  Json::Value claims(std::string_view subject) {
    const std::string text = payload(subject);
    EXPECT_TRUE(check_json(text).has_value()) << text;
    Json::Value value;
    EXPECT_TRUE(Json::Reader(Json::Features::strictMode()).parse(text, value)) << text;
    return value;
  }

  keys::TemporaryFolder folder_;
  keys::TestKey reference_;
  keys::SigningKey key_;
  Client client_;
};

TEST_F(AssertionTest, HasHeaderAndClaimsOfRfc7523InSeconds) {
  EXPECT_EQ(base64url_decoded(parts("jane@corp.example")[0]), R"({"alg":"RS256","typ":"JWT"})");
  EXPECT_EQ(
      payload("jane@corp.example"),
      R"({"iss":"3MVG9.example","sub":"jane@corp.example","aud":"https://login.salesforce.com","exp":1700000180})");
}

TEST_F(AssertionTest, TheSignatureVerifiesWithThePublicKey) {
  const auto jwt = parts("jane@corp.example");
  const std::string input = jwt[0] + "." + jwt[1];
  const std::string signature = base64url_decoded(jwt[2]).value();
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> state{EVP_MD_CTX_new()};
  ASSERT_EQ(EVP_DigestVerifyInit(state.get(), nullptr, EVP_sha256(), nullptr, reference_.get()), 1);
  EXPECT_EQ(
      EVP_DigestVerify(state.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(input.data()), input.size()),
      1);
}

TEST_F(AssertionTest, EverySubjectComesBackFromTheJsonAsItWent) {
  for (const std::string subject :
       {R"(a"b\c/@corp.example)", "m\xC3\xBCller@corp.example", "a\r\n\t\b\f\x01\x1f\x7f@corp.example",
        "\",\"sub\":\"root@corp.example", "\\u0041@corp.example", "\xF0\x9F\x98\x80@corp.example"}) {
    EXPECT_EQ(claims(subject)["sub"].asString(), subject);
  }
  const std::string zero("a\0b", 3);
  EXPECT_EQ(claims(zero)["sub"].asString(), zero);
}

TEST_F(AssertionTest, ASubjectThatIsNotUtf8IsRefused) {
  const auto jwt = signed_assertion(client_, "m\xFCller@corp.example", key_, kNow);
  ASSERT_FALSE(jwt.has_value());
  EXPECT_THAT(jwt.error(), HasSubstr("the subject is not UTF-8"));
}

TEST_F(AssertionTest, TheSubjectClaimMayBeTheOldOne) {
  client_.subject_claim = "prn";
  EXPECT_EQ(claims("jane@corp.example")["prn"], "jane@corp.example");
  EXPECT_FALSE(claims("jane@corp.example").isMember("sub"));
}

TEST_F(AssertionTest, FurtherClaimsAreStrings) {
  client_.claims = {{"scope", "api"}, {"n\xC3\xB6te", "1"}};
  EXPECT_FALSE(signed_assertion(client_, "jane@corp.example", key_, kNow).has_value());
  client_.claims = {{"scope", "a\"pi"}, {"level", "1"}};
  EXPECT_EQ(claims("jane@corp.example")["scope"], "a\"pi");
  EXPECT_EQ(claims("jane@corp.example")["level"], "1");
}

TEST_F(AssertionTest, ClaimsThatDecideIdentityCannotBeAdded) {
  for (const char* name :
       {"iss", "sub", "prn", "aud", "exp", "iat", "nbf", "PRN", "", " sub", "a b", "a\"", "a\n"}) {
    EXPECT_FALSE(claim_configurable(name)) << name;
    client_.claims = {{name, "root@corp.example"}};
    EXPECT_FALSE(signed_assertion(client_, "jane@corp.example", key_, kNow).has_value()) << name;
  }
  EXPECT_TRUE(claim_configurable("jti"));
  EXPECT_TRUE(claim_configurable("https://corp.example/claim"));
}

TEST_F(AssertionTest, ParametersThatMakeTheGrantCannotBeAdded) {
  for (const char* name : {"grant_type", "assertion", "client_id", "client_secret", "Assertion", "", "a b"}) {
    EXPECT_FALSE(token_param_configurable(name)) << name;
  }
  EXPECT_TRUE(token_param_configurable("so"));
}

TEST_F(AssertionTest, TheFormHoldsTheGrantAndEncodedParameters) {
  client_.token_params = {{"so", "00D000000000001"}, {"a b", "&x=\xC3\xBC+"}};
  EXPECT_EQ(token_request_form(client_, Secret("e30.e30.AA")).reveal(),
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=e30.e30.AA"
            "&so=00D000000000001&a%20b=%26x%3D%C3%BC%2B");
}

}  // namespace
}  // namespace sfjwt::oauth
