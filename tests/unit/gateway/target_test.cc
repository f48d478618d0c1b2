// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/gateway/salesforce.h"

namespace sfjwt::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kOrg = "https://corp.my.salesforce.com";
const std::string kPath = "/services/Soap/u/61.0";

bool may(const std::string& url) {
  return may_receive_token(url, gateway::default_hosts(), kSalesforce).has_value();
}

std::string why_not(const std::string& url,
                    const std::vector<std::string>& hosts = gateway::default_hosts()) {
  const auto answer = may_receive_token(url, hosts, kSalesforce);
  return answer ? "allowed" : answer.error();
}

TEST(Target, EverySoapAddressOfSalesforceIsAllowed) {
  for (const auto* path :
       {"/services/Soap/u/61.0", "/services/Soap/c/61.0/00D000000000001EAA/0DF000000000001",
        "/services/Soap/T/61.0/00D000000000001", "/services/Soap/m/61.0", "/services/Soap/s/61.0",
        "/services/Soap/class/ns/Some_Class"}) {
    EXPECT_EQ(why_not(kOrg + path), "allowed");
  }
}

TEST(Target, SaysWhoMustReceiveTheToken) {
  const std::string url = "https://org.my.salesforce.com:8443/services/Soap/u/66.0?a=b";
  const auto org = may_receive_token(url, gateway::default_hosts(), kSalesforce);
  ASSERT_TRUE(org.has_value());
  EXPECT_TRUE(org->tls);
  EXPECT_EQ("org.my.salesforce.com", org->host);
  const auto local = may_receive_token("http://[::1]:8080/services/Soap/u/66.0", {"::1"}, kSalesforce);
  ASSERT_TRUE(local.has_value());
  EXPECT_FALSE(local->tls);
  EXPECT_EQ("::1", local->host);
  EXPECT_TRUE(may_receive_token("h2://localhost/services/Soap/u/66.0", {"localhost"}, kSalesforce)->tls);
  EXPECT_FALSE(may_receive_token("h2c://localhost/services/Soap/u/66.0", {"localhost"}, kSalesforce)->tls);
}

TEST(Target, SchemeAndHostIgnoreCaseAndThePathDoesNot) {
  EXPECT_TRUE(may("HTTPS://Corp.My.SalesForce.COM" + kPath));
  EXPECT_FALSE(may(kOrg + "/services/soap/u/61.0"));
  EXPECT_FALSE(may(kOrg + "/Services/Soap/u/61.0"));
}

TEST(Target, HttpIsAllowedToThisMachineOnly) {
  EXPECT_THAT(why_not("http://corp.my.salesforce.com" + kPath), HasSubstr("needs https"));
  EXPECT_EQ(why_not("http://127.0.0.1:8080" + kPath, {"127.0.0.1"}), "allowed");
  EXPECT_EQ(why_not("http://localhost:8080" + kPath, {"localhost"}), "allowed");
  EXPECT_EQ(why_not("http://[::1]:8080" + kPath, {"::1"}), "allowed");
}

TEST(Target, ThisMachineMustBeOnTheListLikeAnyHost) {
  EXPECT_THAT(why_not("http://127.0.0.1:8080" + kPath), HasSubstr("SFJwtAllowInstance"));
  EXPECT_THAT(why_not("https://localhost" + kPath), HasSubstr("SFJwtAllowInstance"));
  EXPECT_THAT(why_not("https://[::1]" + kPath), HasSubstr("SFJwtAllowInstance"));
}

TEST(Target, OtherWaysToWriteTheAddressOfThisMachineAreNotThisMachine) {
  for (const std::string host : {"127.1", "2130706433", "0x7f.0.0.1", "127.0.0.01", "0.0.0.0"}) {
    EXPECT_FALSE(may_receive_token("http://" + host + kPath, {host}, kSalesforce).has_value()) << host;
  }
}

TEST(Target, OtherHostsAreRefusedAlsoIfTheyLookAlike) {
  for (const auto* host : {"attacker.example", "salesforce.com.attacker.example", "notsalesforce.com",
                           "salesforce.com", "10.0.0.1", "my.salesforce.com.", "[salesforce.com]",
                           "my.salesforce.com,attacker.example", "my..salesforce.com", ".salesforce.com",
                           "*.salesforce.com", "a;b.salesforce.com", "a%2eb.salesforce.com"}) {
    EXPECT_THAT(why_not("https://" + std::string(host) + kPath), HasSubstr("SFJwtAllowInstance")) << host;
  }
}

TEST(Target, AnEmptyListAllowsNothing) {
  EXPECT_FALSE(may_receive_token(kOrg + kPath, {}, kSalesforce).has_value());
}

TEST(Target, Http2HasItsOwnSchemesAndTheSameRules) {
  EXPECT_EQ(why_not("h2://corp.my.salesforce.com" + kPath), "allowed");
  EXPECT_THAT(why_not("h2://corp.my.salesforce.com:444" + kPath), HasSubstr("neither 443 nor 8443"));
  EXPECT_THAT(why_not("h2c://corp.my.salesforce.com" + kPath), HasSubstr("needs https"));
  EXPECT_EQ(why_not("h2c://localhost:8080" + kPath, {"localhost"}), "allowed");
}

TEST(Target, OtherSchemesAreRefused) {
  for (const auto* scheme : {"ftp://", "ws://", "h2s://", "ajp://", "unix:/run/x|https://", "", "//",
                             "https:", "https:/", "proxy:https://", " https://", "httpss://"}) {
    EXPECT_FALSE(may(scheme + std::string("corp.my.salesforce.com") + kPath)) << scheme;
  }
}

TEST(Target, ThePortMustBeOneSalesforceListensOn) {
  EXPECT_TRUE(may(kOrg + ":443" + kPath));
  EXPECT_TRUE(may(kOrg + ":8443" + kPath));
  EXPECT_THAT(why_not(kOrg + ":8080" + kPath), HasSubstr("neither 443 nor 8443"));
  EXPECT_THAT(why_not(kOrg + ":80" + kPath), HasSubstr("neither 443 nor 8443"));
}

TEST(Target, AMalformedPortIsRefused) {
  for (const auto* port : {":", ":0", ":65536", ":443x", ":x443", ":+443", ":-1", ":000443", ":44 3", "::443",
                           ":443:443", ":99999999999999999999", ":4%343"}) {
    EXPECT_FALSE(may(kOrg + port + kPath)) << port;
  }
}

TEST(Target, UserinfoIsRefusedAndNotRepeated) {
  for (const auto* userinfo : {"canary@", "canary:canary@", "@", "corp.my.salesforce.com@"}) {
    const std::string why = why_not("https://" + std::string(userinfo) + "corp.my.salesforce.com" + kPath);
    EXPECT_THAT(why, HasSubstr("user name")) << userinfo;
    EXPECT_THAT(why, Not(HasSubstr("canary")));
  }
  EXPECT_FALSE(may(kOrg + "@attacker.example" + kPath));
  EXPECT_FALSE(may(kOrg + ":443@attacker.example" + kPath));
}

TEST(Target, AUrlWithoutHostIsRefused) {
  EXPECT_FALSE(may("https://" + kPath));
  EXPECT_FALSE(may("https:///" + kPath));
  EXPECT_FALSE(may("https://:443" + kPath));
  EXPECT_FALSE(may("https://"));
  EXPECT_FALSE(may(""));
}

TEST(Target, AnUnclosedOrForeignAddressInBracketsIsRefused) {
  EXPECT_FALSE(may_receive_token("https://[::1" + kPath, {"::1"}, kSalesforce).has_value());
  EXPECT_FALSE(may_receive_token("https://[::1%25lo]" + kPath, {"::1"}, kSalesforce).has_value());
  EXPECT_FALSE(may_receive_token("https://[::2]" + kPath, {"::1"}, kSalesforce).has_value());
  EXPECT_FALSE(may_receive_token("https://[::1]x" + kPath, {"::1"}, kSalesforce).has_value());
  EXPECT_FALSE(may_receive_token("https://::1" + kPath, {"::1"}, kSalesforce).has_value());
}

TEST(Target, ThePathMustBeOneOfTheSoapApis) {
  for (const auto* path : {"", "/", "/services/Soap", "/services/Soapx/u/61.0", "/services/data/v61.0",
                           "/x/services/Soap/u", "//services/Soap/u"}) {
    EXPECT_THAT(why_not(kOrg + path), HasSubstr("/services/Soap/")) << path;
  }
}

TEST(Target, ThePathCannotBeLeftByDots) {
  for (const auto* path : {"../data", "u/../../data", "..", "u/..", "u/./61.0", ".", "..//x"}) {
    EXPECT_THAT(why_not(kOrg + "/services/Soap/" + path), HasSubstr(".. segment")) << path;
  }
  EXPECT_TRUE(may(kOrg + "/services/Soap/u/..61.0"));
}

TEST(Target, ThePathCannotBeLeftByWhatAnotherReaderMightDecode) {
  for (const auto* path :
       {"%2e%2e/data", "%2E./data", "u/.%2e/data", "..%2fdata", "..%5cdata", "%252e%252e/data", "..;/data",
        "..;x=y/data", "u%00/x", "%", "%zz", "a|b", "a*b"}) {
    EXPECT_FALSE(may(kOrg + "/services/Soap/" + path)) << path;
  }
}

TEST(Target, ABackslashIsRefusedWhereverItStandsBeforeTheQuery) {
  EXPECT_FALSE(may(kOrg + "/services/Soap\\..\\data"));
  EXPECT_FALSE(may(kOrg + "/services/Soap/..\\data"));
  EXPECT_FALSE(may("https://attacker.example\\.salesforce.com" + kPath));
  EXPECT_FALSE(may("https:\\\\corp.my.salesforce.com" + kPath));
}

TEST(Target, ControlWhiteSpaceAndNonAsciiBytesAreRefused) {
  for (const std::string& byte :
       {std::string("\r\n"), std::string("\t"), std::string(" "), std::string(1, '\0'), std::string("\x7f"),
        std::string("\xC3\xA4"), std::string("\xE3\x80\x82")}) {
    EXPECT_FALSE(may(kOrg + kPath + byte));
    EXPECT_FALSE(may(kOrg + byte + kPath));
    EXPECT_FALSE(may("https://" + byte + "corp.my.salesforce.com" + kPath));
  }
}

TEST(Target, AQueryIsAllowedBehindThePathAndNeverShown) {
  EXPECT_TRUE(may(kOrg + kPath + "?x=/../y"));
  EXPECT_FALSE(may(kOrg + "?x=/services/Soap/"));
  EXPECT_FALSE(may("https://attacker.example?.salesforce.com" + kPath));
  EXPECT_THAT(why_not("https://attacker.example" + kPath + "?canary"), Not(HasSubstr("canary")));
}

TEST(Target, AFragmentIsRefused) {
  EXPECT_FALSE(may(kOrg + kPath + "#x"));
  EXPECT_FALSE(may("https://attacker.example#.salesforce.com" + kPath));
}

std::string followed(const std::string& url, const std::string& instance,
                     const std::vector<std::string>& hosts = gateway::default_hosts()) {
  const auto answer = at_instance(url, instance, hosts, kSalesforce);
  return answer ? *answer : answer.error();
}

const std::string kLogin = "https://login.salesforce.com";

TEST(Instance, TakesThePlaceOfTheHostAndLeavesPathAndQuery) {
  EXPECT_EQ(followed(kLogin + kPath, kOrg), kOrg + kPath);
  EXPECT_EQ(followed(kLogin + "/services/Soap/class/ns/A?x=/../https://y", kOrg),
            kOrg + "/services/Soap/class/ns/A?x=/../https://y");
  EXPECT_EQ(followed(kLogin + ":8443" + kPath, kOrg), kOrg + kPath);
  EXPECT_EQ(followed("http://localhost:8080" + kPath, kOrg), kOrg + kPath);
}

TEST(Instance, IsUsedInNormalForm) {
  EXPECT_EQ(followed(kLogin + kPath, "HTTPS://Corp.My.Salesforce.COM:443/"), kOrg + kPath);
  EXPECT_EQ(followed(kLogin + kPath, "https://[::1]:8443", {"::1"}), "https://[::1]:8443" + kPath);
}

TEST(Instance, ThatIsReachedByHttp2StaysSo) {
  EXPECT_EQ(followed("h2://login.salesforce.com" + kPath, kOrg), "h2://corp.my.salesforce.com" + kPath);
  EXPECT_EQ(followed("h2c://localhost:8080" + kPath, kOrg), "h2://corp.my.salesforce.com" + kPath);
}

TEST(Instance, IsNotFollowedToWhereNoTokenMayGo) {
  const std::string other = "does not allow";
  for (const auto& [instance, why] : std::vector<std::pair<std::string, std::string>>{
           {"", "not an https URL"},
           {"http://corp.my.salesforce.com", "not an https URL"},
           {"https://evil.example", other},
           {"https://salesforce.com", other},
           {"https://evilsalesforce.com", other},
           {"https://corp.my.salesforce.com.", other},
           {"https://corp.my.salesforce.com.evil.example", other},
           {"https://xn--slesforce-v7a.com", other},
           {"https://127.0.0.1", other},
           {"https://[::1]", other},
           {"https://2130706433", other},
           {"https://corp.my.salesforce.com:444", "port other than 443"},
           {"https://corp.my.salesforce.com:8443", "port other than 443"},
           {"https://corp.my.salesforce.com:", "malformed port"},
           {"https://jane@corp.my.salesforce.com", "user information"},
           {"https://corp.my.salesforce.com@evil.example", "user information"},
           {"https://corp.my.salesforce.com/services/Soap/", "goes on"},
           {"https://corp.my.salesforce.com?", "goes on"},
           {"https://corp.my.salesforce.com#", "goes on"},
           {"https://evil.example\\.salesforce.com", "goes on"},
           {"https://corp.my.salesforce.com\r\nX: y", "malformed port"},
       }) {
    EXPECT_THAT(followed(kLogin + kPath, instance), HasSubstr(why)) << instance;
  }
}

TEST(Instance, IsNotFollowedOutsideOfSoap) {
  EXPECT_THAT(followed(kLogin + "/services/data/v66.0", kOrg), HasSubstr("does not begin with"));
  EXPECT_THAT(followed(kLogin, kOrg), HasSubstr("does not begin with"));
  EXPECT_THAT(followed(kLogin + "/services/Soap/../data", kOrg), HasSubstr("segment"));
  EXPECT_THAT(followed("ajp://login.salesforce.com" + kPath, kOrg), HasSubstr("neither an https"));
}

TEST(Beginning, OfAnAddressThatARequestCanCompleteIsNotRefused) {
  for (const char* beginning :
       {"https://corp.my.salesforce.com", "https://corp.my.salesforce.com/",
        "https://corp.my.salesforce.com/serv", "https://corp.my.salesforce.com/services/Soap",
        "https://corp.my.salesforce.com/services/Soap/u/66.0", "https://corp.my.salesforce.com:8443/?x=1",
        "h2://corp.my.salesforce.com/services/Soap/"})
    EXPECT_EQ(refused_beginning(beginning, {".my.salesforce.com"}, kSalesforce), std::nullopt) << beginning;
}

TEST(Beginning, ThatNoTokenMayGoToIsRefusedWithTheReason) {
  const std::vector<std::pair<std::string, std::string>> kRefused = {
      {"https://evil.example/", "does not allow the host evil.example"},
      {"https://corp.my.salesforce.comservices/", "does not allow the host"},
      {"https://corp.my.salesforce.com:444/", "neither 443 nor 8443"},
      {"http://corp.my.salesforce.com/", "needs https"},
      {"https://corp.my.salesforce.com/services/data/", "does not begin with /services/Soap/"},
      {"https://corp.my.salesforce.com/services/soap", "does not begin with /services/Soap/"},
      {"https://corp.my.salesforce.com/services/Soap/../data", "segment"},
      {"https://jane@corp.my.salesforce.com/", "user name"},
      {"ajp://corp.my.salesforce.com/services/Soap/", "neither an https"},
  };
  for (const auto& [beginning, why] : kRefused)
    EXPECT_THAT(refused_beginning(beginning, {".my.salesforce.com"}, kSalesforce).value_or(""),
                HasSubstr(why))
        << beginning;
}

}  // namespace
}  // namespace sfjwt::gateway
