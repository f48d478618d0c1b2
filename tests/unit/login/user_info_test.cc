// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/user_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/gateway/gateway.h"
#include "mod_sfjwt/soap/envelope.h"
#include "tests/unit/login/sample_login.h"

namespace sfjwt::login {
namespace {

using testing::HasSubstr;
using testing::Not;

class UserInfoTest : public testing::Test {
 protected:
  Result<UserInfo, UserInfoError> read(const std::string& document) const {
    return read_user_info(document, *wsdl_.login, names());
  }
  std::string error_of(const std::string& document) const {
    const auto info = read(document);
    return info ? "(none)" : info.error().message;
  }

  const std::shared_ptr<const soap::Catalog> catalog_ = sample_catalog();
  const soap::Wsdl& wsdl_ = catalog_->wsdls().front();
};

TEST_F(UserInfoTest, IsAskedForByARequestThatTheGatewayAcceptsAndGivesAToken) {
  for (const char* file : {"sample-partner.wsdl", "sample-enterprise.wsdl"}) {
    const auto catalog = sample_catalog(schema::Mode::strict, file);
    const std::string request = user_info_request(catalog->wsdls().front(), soap::SoapVersion::v1_1);
    const auto envelope = soap::read_envelope(request, *catalog, {});
    ASSERT_TRUE(envelope) << envelope.error().message;
    EXPECT_EQ(envelope->operation->name, "getUserInfo");
    EXPECT_TRUE(envelope->session.present());
    const Secret token(std::string("00D000000000001!a&b"));
    const gateway::RewrittenBody rewritten(request, *envelope, token);
    std::string sent;
    for (const std::string_view piece : rewritten.pieces()) sent += piece;
    EXPECT_THAT(sent, HasSubstr("<sessionId>00D000000000001!a&amp;b</sessionId>"));
    EXPECT_TRUE(soap::read_envelope(sent, *catalog, {}));
  }
}

TEST_F(UserInfoTest, IsAskedForInTheVersionOfTheClient) {
  EXPECT_EQ(soap::version_of(user_info_request(wsdl_, soap::SoapVersion::v1_2), {}), soap::SoapVersion::v1_2);
}

TEST_F(UserInfoTest, HasTheFieldsDecodedOrNil) {
  const auto info = read(user_info_response(
      kIds + "<organizationName>A &amp; B<![CDATA[ <C>]]></organizationName><roleId xsi:nil=\"true\"/>"));
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->user_id, "005A000000AAAAAIAY");
  EXPECT_EQ(info->organization_id, "00DA0000000YpZ4MAK");
  ASSERT_NE(info->find("organizationName"), nullptr);
  EXPECT_EQ(info->find("organizationName")->value, "A & B <C>");
  ASSERT_NE(info->find("roleId"), nullptr);
  EXPECT_EQ(info->find("roleId")->value, std::nullopt);
  EXPECT_EQ(info->find("absent"), nullptr);
}

TEST_F(UserInfoTest, IsReadInSoap12) {
  EXPECT_TRUE(read(user_info_response(kIds, "www.w3.org/2003/05/soap-envelope")));
}

TEST_F(UserInfoTest, LeavesOutFieldsThatContainElements) {
  const auto info = read(user_info_response(kIds + "<more><userName>a</userName></more>"));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->find("more"), nullptr);
}

TEST_F(UserInfoTest, NeedsIdsThatCanBePartOfAUrl) {
  const std::string organization = "<organizationId>00DA0000000YpZ4MAK</organizationId>";
  EXPECT_THAT(error_of(user_info_response(organization)), HasSubstr("it has no userId"));
  for (const char* id : {"", "005", "005A000000AAAAA/../", "005A000000AAAAA IA", "005A000000AAAAAIAYx"})
    EXPECT_THAT(error_of(user_info_response(organization + "<userId>" + id + "</userId>")),
                HasSubstr("it has no userId"))
        << id;
  EXPECT_THAT(
      error_of(user_info_response("<organizationId xsi:nil='1'/><userId>005A000000AAAAAIAY</userId>")),
      HasSubstr("it has no organizationId"));
}

TEST_F(UserInfoTest, IsNotInAnotherDocument) {
  const std::string whole = user_info_response(kIds);
  std::string other_namespace = whole;
  other_namespace.replace(other_namespace.find("urn:partner"), 11, "urn:another");
  std::string other_response = whole;
  other_response.replace(other_response.find("<getUserInfoResponse"), 20, "<getUserInfoRespons3");
  for (const std::string& document :
       {std::string(), std::string("<html><body>Maintenance</body></html>"), std::string("{}"),
        other_namespace, other_response, whole + "x", "<!DOCTYPE a>" + whole,
        std::string("<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><e:Fault/>"
                    "</e:Body></e:Envelope>")})
    EXPECT_FALSE(read(document)) << document;
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes)
    EXPECT_FALSE(read(whole.substr(0, bytes))) << bytes;
}

TEST_F(UserInfoTest, IsNotAmbiguous) {
  EXPECT_THAT(error_of(user_info_response(kIds + kIds)), HasSubstr("a field is repeated"));
  EXPECT_THAT(error_of(user_info_response(kIds + "</result><result>" + kIds)),
              HasSubstr("more than one result"));
  EXPECT_THAT(error_of(user_info_response(kIds + "text")), HasSubstr("not well-formed"));
}

TEST_F(UserInfoTest, HasLimits) {
  std::string many;
  for (int i = 0; i < 199; ++i) many += "<f" + std::to_string(i) + "/>";
  EXPECT_THAT(error_of(user_info_response(kIds + many)), HasSubstr("too many fields"));
  EXPECT_THAT(error_of(user_info_response(kIds + "<a>" + std::string(kMaxUserInfoBytes, 'x') + "</a>")),
              HasSubstr("too long"));
}

TEST_F(UserInfoTest, AnErrorDoesNotShowTheResponse) {
  EXPECT_THAT(error_of(user_info_response("<s3cret>s3cret</s3cret>")), Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace sfjwt::login
