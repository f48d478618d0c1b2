// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mod_sfjwt/gateway/salesforce.h"

namespace sfjwt::login {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kUser = "<p:username>ann@corp.example</p:username>";
constexpr const char* kPassword = "<p:password>s3cret</p:password>";

Result<Credentials, CredentialsError> read(const std::string& document) {
  return read_credentials(document, gateway::kSalesforce.names.login, {});
}

std::string envelope(const std::string& body,
                     const std::string& soap = "schemas.xmlsoap.org/soap/envelope/") {
  return "<e:Envelope xmlns:e='http://" + soap +
         "' xmlns:p='urn:partner.soap.sforce.com' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
         "<e:Header><p:CallOptions><p:client>a</p:client></p:CallOptions></e:Header><e:Body>" +
         body + "</e:Body></e:Envelope>";
}

std::string login(const std::string& children) {
  return envelope("<p:login>" + children + "</p:login>");
}

std::string user_name_in(const std::string& document) {
  const auto credentials = read(document);
  return credentials ? credentials->user_name : "(" + credentials.error().message + ")";
}

std::string password_in(const std::string& document) {
  const auto credentials = read(document);
  return credentials ? std::string(credentials->password.reveal()) : "(" + credentials.error().message + ")";
}

std::string error_of(const std::string& document) {
  const auto credentials = read(document);
  return credentials ? "(none)" : credentials.error().message;
}

TEST(Credentials, AreUserNameAndPassword) {
  EXPECT_EQ(user_name_in(login(std::string(kUser) + kPassword)), "ann@corp.example");
  EXPECT_EQ(password_in(login(std::string(kUser) + kPassword)), "s3cret");
}

TEST(Credentials, AreReadInBothVersionsOfSoap) {
  EXPECT_EQ(password_in(envelope("<p:login>" + std::string(kUser) + kPassword + "</p:login>",
                                 "www.w3.org/2003/05/soap-envelope")),
            "s3cret");
}

TEST(Credentials, MayBeInTheDefaultNamespaceOrInNone) {
  EXPECT_EQ(password_in(envelope("<login xmlns='urn:partner.soap.sforce.com'><username>a</username>"
                                 "<password>b</password></login>")),
            "b");
  EXPECT_EQ(password_in(login("<username>a</username><password>b</password>")), "b");
}

TEST(Credentials, MayComeInAnyOrderWithTypesAndWhiteSpaceBetween) {
  EXPECT_EQ(password_in(login(" <p:password xsi:type='x:string' xmlns:x='http://www.w3.org/2001/XMLSchema'>"
                              "b</p:password>\n<!-- c -->" +
                              std::string(kUser) + "\n")),
            "b");
}

TEST(Credentials, ADecodedPasswordIsWhatAnXmlProcessorReports) {
  EXPECT_EQ(password_in(login(kUser + std::string("<p:password> a&amp;&#x42;<![CDATA[<c>]]><!-- no -->\r\nd "
                                                  "</p:password>"))),
            " a&B<c>\nd ");
}

TEST(Credentials, MayBeEmpty) {
  EXPECT_EQ(password_in(login(kUser + std::string("<p:password/>"))), "");
  EXPECT_EQ(user_name_in(login("<p:username></p:username>" + std::string(kPassword))), "");
}

TEST(Credentials, ALongPasswordIsReadWhole) {
  const std::string password(100'000, 'x');
  EXPECT_EQ(password_in(login(kUser + ("<p:password>" + password) + "</p:password>")), password);
}

TEST(Credentials, AreRefusedIfOneIsMissingNilOrRepeated) {
  EXPECT_EQ(error_of(login(kUser)), "The message has no password.");
  EXPECT_EQ(error_of(login(kPassword)), "The message has no username.");
  EXPECT_EQ(error_of(login(kUser + std::string("<p:password xsi:nil=' true '/>"))),
            "The message has no password.");
  EXPECT_EQ(error_of(login(kUser + std::string("<p:password xsi:nil='maybe'/>"))),
            "The message has no password.");
  EXPECT_EQ(error_of(login(std::string(kUser) + kPassword + kPassword)),
            "The message contains password more than once.");
  EXPECT_EQ(error_of(login(std::string(kUser) + kUser + kPassword)),
            "The message contains username more than once.");
}

TEST(Credentials, AnAttributeThatSaysNotNilIsNone) {
  EXPECT_EQ(password_in(login(kUser + std::string("<p:password xsi:nil='false'>b</p:password>"))), "b");
}

TEST(Credentials, AreRefusedBesideAnythingElse) {
  const std::string both = std::string(kUser) + kPassword;
  for (const char* more : {"<p:other/>", "<q:password xmlns:q='urn:q'>b</q:password>"})
    EXPECT_EQ(error_of(login(both + more)),
              "Element login contains something other than username and password.");
  EXPECT_EQ(error_of(login(both + "text")), "The message is not a SOAP request.");
  EXPECT_EQ(error_of(login(kUser + std::string("<p:password>a<p:b/></p:password>"))),
            "Element password does not contain text.");
}

TEST(Credentials, AreNotInAnotherMessage) {
  const std::string one = "<p:login>" + std::string(kUser) + kPassword + "</p:login>";
  for (const std::string& document :
       {std::string(), std::string("<a/>"), envelope("<p:logout/>"), envelope(""),
        envelope(one, "corp.example/"),
        std::string("<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'/>")})
    EXPECT_EQ(error_of(document), "The message does not contain login.") << document;
  EXPECT_EQ(error_of(envelope(one + one)), "The message is not a SOAP request.");
  const std::string whole = envelope(one);
  EXPECT_EQ(error_of(whole + "<a/>"), "The message is not a SOAP request.");
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes)
    EXPECT_FALSE(read(whole.substr(0, bytes))) << bytes;
}

TEST(Credentials, AnErrorDoesNotShowThem) {
  const std::string message = error_of(login(std::string(kPassword) + "<p:s3cret/>"));
  EXPECT_THAT(message, Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace sfjwt::login
