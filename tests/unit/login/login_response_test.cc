// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/login_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/login/sample_login.h"

namespace sfjwt::login {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kServer = "https://gateway.corp.example/services/Soap/u/64.0/00DA0000000YpZ4MAK";

soap::LoginDescription description() {
  return *sample_catalog(schema::Mode::structure)->wsdls().front().login;
}

std::string response(const soap::LoginDescription& described, const std::string& user_info,
                     const std::string& handle = "handle",
                     soap::SoapVersion version = soap::SoapVersion::v1_1,
                     const std::string& metadata = "https://gateway.corp.example/services/Soap/m/64.0/00D") {
  const UserInfo user = read_user_info(user_info_response(user_info), described, names()).value();
  const Secret id{std::string(handle)};
  return std::string(
      login_response(described, names(), version, {id, kServer, metadata, false, user}).reveal());
}

TEST(LoginResponse, IsWrittenInTheOrderOfTheWsdlWithoutPrefixes) {
  EXPECT_EQ(
      response(description(), kIds +
                                  "<sessionSecondsValid>7200</sessionSecondsValid><userEmail>a@corp.example"
                                  "</userEmail><organizationName>A &amp; B</organizationName>"),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>"
      "<loginResponse xmlns=\"urn:partner.soap.sforce.com\"><result>"
      "<metadataServerUrl>https://gateway.corp.example/services/Soap/m/64.0/00D</metadataServerUrl>"
      "<passwordExpired>false</passwordExpired><sandbox>false</sandbox><serverUrl>" +
          kServer +
          "</serverUrl><sessionId>handle</sessionId><userId>005A000000AAAAAIAY</userId><userInfo>"
          "<organizationId>00DA0000000YpZ4MAK</organizationId><organizationName>A &amp; B</organizationName>"
          "<sessionSecondsValid>7200</sessionSecondsValid><userEmail>a@corp.example</userEmail>"
          "<userFullName></userFullName><userId>005A000000AAAAAIAY</userId><userLanguage></userLanguage>"
          "<userLocale></userLocale><userName></userName><userTimeZone></userTimeZone></userInfo>"
          "</result></loginResponse></soapenv:Body></soapenv:Envelope>");
}

TEST(LoginResponse, IsInTheVersionOfTheRequest) {
  EXPECT_THAT(response(description(), kIds, "handle", soap::SoapVersion::v1_2),
              HasSubstr("xmlns:soapenv=\"http://www.w3.org/2003/05/soap-envelope\""));
}

TEST(LoginResponse, AFieldWithoutValueIsNilIfItMayBe) {
  EXPECT_THAT(response(description(), kIds, "handle", soap::SoapVersion::v1_1, ""),
              HasSubstr("<metadataServerUrl xsi:nil=\"true\"/>"));
}

TEST(LoginResponse, AFieldWithoutValueHasAPlaceholderIfItsTypeAllowsNoEmptyOne) {
  const std::string document = response(description(), kIds + "<sessionSecondsValid xsi:nil='true'/>");
  EXPECT_THAT(document, HasSubstr("<sessionSecondsValid>0</sessionSecondsValid>"));
  EXPECT_THAT(response(description(), kIds + "<sessionSecondsValid/>"),
              HasSubstr("<sessionSecondsValid>0</sessionSecondsValid>"));
}

TEST(LoginResponse, AFieldWithoutValueIsLeftOutIfItIsOptional) {
  soap::LoginDescription described = description();
  described.user.insert(described.user.begin(), {{"urn:partner.soap.sforce.com", "more"}, true, false, ""});
  EXPECT_THAT(response(described, kIds), Not(HasSubstr("more")));
  EXPECT_THAT(response(described, kIds + "<more>1</more>"), HasSubstr("<userInfo><more>1</more>"));
}

TEST(LoginResponse, HasNoElementThatTheWsdlLacks) {
  soap::LoginDescription described = description();
  std::erase_if(described.fields, [](const auto& field) {
    return field.name.local_name == "sandbox" || field.name.local_name == "userInfo";
  });
  const std::string document = response(described, kIds + "<userUiSkin>Theme3</userUiSkin>");
  EXPECT_THAT(document, Not(HasSubstr("sandbox")));
  EXPECT_THAT(document, Not(HasSubstr("userInfo")));
  EXPECT_THAT(document, Not(HasSubstr("userUiSkin")));
}

TEST(LoginResponse, DeclaresANamespaceWhereItChanges) {
  soap::LoginDescription described = description();
  described.user = {{{"urn:o", "userName"}, false, true, ""}, {{"", "userId"}, false, true, ""}};
  EXPECT_THAT(response(described, kIds),
              HasSubstr("<userInfo><userName xmlns=\"urn:o\"></userName>"
                        "<userId xmlns=\"\">005A000000AAAAAIAY</userId></userInfo>"));
}

TEST(LoginResponse, EscapesTheSessionId) {
  EXPECT_THAT(response(description(), kIds, "a<&\"b"), HasSubstr("<sessionId>a&lt;&amp;&quot;b</sessionId>"));
}

TEST(LoginResponse, CanBeAboutASandbox) {
  const soap::LoginDescription described = description();
  const UserInfo user = read_user_info(user_info_response(kIds), described, names()).value();
  const Secret id(std::string("handle"));
  EXPECT_THAT(
      std::string(login_response(described, names(), soap::SoapVersion::v1_1, {id, kServer, "", true, user})
                      .reveal()),
      HasSubstr("<sandbox>true</sandbox>"));
}

}  // namespace
}  // namespace sfjwt::login
