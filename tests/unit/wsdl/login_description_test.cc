// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/login_description.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/wsdl/service_reader.h"
#include "tests/unit/wsdl/wsdl_of.h"

namespace sfjwt::wsdl {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace fs = std::filesystem;

// What a WSDL with login and getUserInfo says of login, given the types of its schema, among them LoginResult
// and User, and the header blocks of the two.
soap::Wsdl described(const std::string& types, bool login_takes_session = false,
                     bool user_info_takes_session = true) {
  std::string wsdl =
      "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' "
      "xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/'"
      " xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' targetNamespace='urn:t'><w:types>"
      "<x:schema targetNamespace='urn:t' elementFormDefault='qualified'><x:element name='SessionHeader'>"
      "<x:complexType><x:sequence><x:element name='sessionId' type='x:string'/></x:sequence></x:complexType>"
      "</x:element>";
  std::string messages = "<w:message name='h'><w:part name='p' element='t:SessionHeader'/></w:message>";
  std::string operations;
  std::string bound;
  const auto add = [&](const std::string& name, const std::string& type, bool session) {
    wsdl += "<x:element name='" + name + "'><x:complexType/></x:element><x:element name='" + name +
            "Response'><x:complexType><x:sequence><x:element name='result' type='t:" + type +
            "'/></x:sequence></x:complexType></x:element>";
    messages += "<w:message name='" + name + "'><w:part name='p' element='t:" + name +
                "'/></w:message><w:message name='" + name + "Response'><w:part name='p' element='t:" + name +
                "Response'/></w:message>";
    operations += "<w:operation name='" + name + "'><w:input message='t:" + name +
                  "'/><w:output message='t:" + name + "Response'/></w:operation>";
    bound += "<w:operation name='" + name + "'><w:input>" +
             (session ? "<s:header use='literal' message='t:h' part='p'/>" : "") +
             "<s:body use='literal'/></w:input><w:output><s:body use='literal'/></w:output></w:operation>";
  };
  add("login", "LoginResult", login_takes_session);
  add("getUserInfo", "User", user_info_takes_session);
  add("logout", "User", true);
  wsdl += types + "</x:schema></w:types>" + messages + "<w:portType name='p'>" + operations +
          "</w:portType><w:binding name='b' type='t:p'><s:binding "
          "transport='http://schemas.xmlsoap.org/soap/http'/>" +
          bound + "</w:binding></w:definitions>";
  const auto catalog = catalog_of(wsdl, {schema::Mode::structure, schema::Relaxations::none()});
  EXPECT_TRUE(catalog) << catalog.error().message;
  return catalog ? (*catalog)->wsdls().front() : soap::Wsdl();
}

std::string type(const std::string& name, const std::string& elements) {
  return "<x:complexType name='" + name + "'><x:sequence>" + elements + "</x:sequence></x:complexType>";
}
const std::string kUser = type("User", "<x:element name='userId' type='x:string'/>");
const std::string kUrlAndId =
    "<x:element name='serverUrl' type='x:string' nillable='true'/><x:element name='sessionId' "
    "type='x:string'/>";
const std::string kUserInfo = "<x:element name='userInfo' type='t:User' minOccurs='0'/>";

std::vector<std::string> local_names(const std::vector<soap::LoginField>& fields) {
  std::vector<std::string> local;
  for (const soap::LoginField& field : fields) local.push_back(field.name.local_name);
  return local;
}

// The placeholder of an element "e" of this form, or why there is no description.
std::string placeholder_of(const std::string& element, const std::string& more_types = "") {
  const soap::Wsdl wsdl = described(type("LoginResult", kUrlAndId + element) + kUser + more_types);
  return wsdl.login ? wsdl.login->fields.back().placeholder : wsdl.warnings.back();
}

TEST(LoginDescription, HasTheNamesOfBothOperations) {
  const soap::Wsdl wsdl = described(type("LoginResult", kUrlAndId) + kUser);
  ASSERT_TRUE(wsdl.login);
  EXPECT_EQ(wsdl.login->input, (xml::QName{"urn:t", "login"}));
  EXPECT_EQ(wsdl.login->output, (xml::QName{"urn:t", "loginResponse"}));
  EXPECT_EQ(wsdl.login->result, (xml::QName{"urn:t", "result"}));
  EXPECT_EQ(wsdl.login->user_info, (xml::QName{"urn:t", "getUserInfo"}));
  EXPECT_EQ(wsdl.login->user_info_output, (xml::QName{"urn:t", "getUserInfoResponse"}));
  EXPECT_EQ(wsdl.login->user_info_result, (xml::QName{"urn:t", "result"}));
  EXPECT_THAT(wsdl.warnings, IsEmpty());
}

TEST(LoginDescription, HasTheFieldsInTheOrderOfTheWsdl) {
  const soap::Wsdl wsdl = described(
      type("LoginResult", kUserInfo + kUrlAndId + "<x:element name='more' type='x:int' minOccurs='0'/>") +
      kUser);
  ASSERT_TRUE(wsdl.login);
  EXPECT_THAT(local_names(wsdl.login->fields), ElementsAre("userInfo", "serverUrl", "sessionId", "more"));
  EXPECT_THAT(local_names(wsdl.login->user), ElementsAre("userId"));
  EXPECT_TRUE(wsdl.login->fields[1].nillable);
  EXPECT_TRUE(wsdl.login->fields[1].required);
  EXPECT_FALSE(wsdl.login->fields[2].nillable);
  EXPECT_FALSE(wsdl.login->fields[3].required);
}

TEST(LoginDescription, BeginsWithTheFieldsOfTheBaseType) {
  const soap::Wsdl wsdl =
      described(type("Base", kUrlAndId) + kUser +
                "<x:complexType name='LoginResult'><x:complexContent><x:extension base='t:Base'><x:sequence>"
                "<x:element name='own' "
                "type='x:string'/></x:sequence></x:extension></x:complexContent></x:complexType>");
  ASSERT_TRUE(wsdl.login);
  EXPECT_THAT(local_names(wsdl.login->fields), ElementsAre("serverUrl", "sessionId", "own"));
}

TEST(LoginDescription, HasAPlaceholderThatTheTypeAllows) {
  EXPECT_EQ(placeholder_of("<x:element name='e' type='x:string'/>"), "");
  EXPECT_EQ(placeholder_of("<x:element name='e' type='x:boolean'/>"), "false");
  EXPECT_EQ(placeholder_of("<x:element name='e' type='x:int'/>"), "0");
  EXPECT_EQ(placeholder_of("<x:element name='e' type='x:dateTime'/>"), "1970-01-01T00:00:00Z");
  EXPECT_EQ(placeholder_of("<x:element name='e' type='t:ID'/>",
                           "<x:simpleType name='ID'><x:restriction base='x:string'><x:length value='18'/>"
                           "<x:pattern value='[a-zA-Z0-9]{18}'/></x:restriction></x:simpleType>"),
            "000000000000000000");
  EXPECT_EQ(
      placeholder_of("<x:element name='e'><x:simpleType><x:restriction base='x:string'>"
                     "<x:enumeration value='B'/><x:enumeration value='A'/></x:restriction></x:simpleType>"
                     "</x:element>"),
      "B");
  EXPECT_EQ(placeholder_of("<x:element name='e' type='t:Flag'/>",
                           "<x:simpleType name='Flag'><x:restriction base='x:boolean'/></x:simpleType>"),
            "false");
}

TEST(LoginDescription, LeavesOutOptionalElementsOfOtherTypes) {
  const soap::Wsdl wsdl =
      described(type("LoginResult",
                     kUrlAndId + "<x:element name='e' type='t:User' minOccurs='0'/><x:any minOccurs='0'/>") +
                kUser);
  ASSERT_TRUE(wsdl.login);
  EXPECT_THAT(local_names(wsdl.login->fields), ElementsAre("serverUrl", "sessionId"));
}

TEST(LoginDescription, IsNoneIfTheResultRequiresMore) {
  for (const char* element :
       {"<x:element name='e' type='t:User'/>", "<x:any/>", "<x:choice><x:any/></x:choice>",
        "<x:element name='e' type='x:QName'/>", "<x:element name='e' type='t:Missing'/>"}) {
    const soap::Wsdl wsdl = described(type("LoginResult", kUrlAndId + element) + kUser);
    EXPECT_FALSE(wsdl.login) << element;
    EXPECT_NE(wsdl.login_problem, "") << element;
    EXPECT_THAT(wsdl.warnings, IsEmpty()) << "it matters only where the gateway answers login";
  }
}

TEST(LoginDescription, IsNoneIfTheResultHasNoSession) {
  const soap::Wsdl wsdl =
      described(type("LoginResult", "<x:element name='serverUrl' type='x:string'/>") + kUser);
  EXPECT_FALSE(wsdl.login);
  EXPECT_EQ(wsdl.login_problem, "the result has no element sessionId");
}

TEST(LoginDescription, IsNoneIfTheUserInfoTakesNoSession) {
  const soap::Wsdl wsdl = described(type("LoginResult", kUrlAndId) + kUser, false, false);
  EXPECT_FALSE(wsdl.login);
  EXPECT_EQ(wsdl.login_problem, "there is no operation getUserInfo that takes a session");
}

TEST(LoginDescription, AnOperationThatTakesASessionIsNoLogin) {
  const soap::Wsdl wsdl = described(type("LoginResult", kUrlAndId) + kUser, true);
  EXPECT_FALSE(wsdl.login);
  EXPECT_THAT(wsdl.warnings, IsEmpty());
}

TEST(LoginDescription, ATypeThatExtendsItselfIsNone) {
  EXPECT_FALSE(described("<x:complexType name='LoginResult'><x:complexContent><x:extension "
                         "base='t:LoginResult'/></x:complexContent></x:complexType>" +
                         kUser)
                   .login);
}

TEST(LoginDescription, IsInTheSampleWsdls) {
  for (const char* file : {"sample-partner.wsdl", "sample-enterprise.wsdl"}) {
    const auto wsdl = read_wsdl(fs::path(SFJWT_SOURCE_DIR) / "wsdl" / file, gateway::kSalesforce.names);
    ASSERT_TRUE(wsdl);
    ASSERT_TRUE(wsdl->login) << file;
    EXPECT_THAT(local_names(wsdl->login->user), Contains("organizationId"));
  }
}

}  // namespace
}  // namespace sfjwt::wsdl
