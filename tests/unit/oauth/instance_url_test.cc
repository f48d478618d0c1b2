// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/instance_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/gateway/salesforce.h"

namespace sfjwt::oauth {
namespace {

using ::testing::HasSubstr;

std::string origin(std::string_view url, const std::vector<std::string>& allowed = gateway::default_hosts()) {
  const auto checked = instance_origin(url, allowed);
  return checked ? *checked : "refused: " + checked.error();
}

TEST(InstanceUrl, AnAllowedOriginIsTakenInNormalForm) {
  EXPECT_EQ(origin("https://acme.my.salesforce.com"), "https://acme.my.salesforce.com");
  EXPECT_EQ(origin("HTTPS://Acme.My.Salesforce.com/"), "https://acme.my.salesforce.com");
  EXPECT_EQ(origin("https://acme.my.salesforce.com:443"), "https://acme.my.salesforce.com");
}

TEST(InstanceUrl, WhatIsNoOriginIsRefusedWithTheReason) {
  EXPECT_THAT(origin("http://acme.my.salesforce.com"), HasSubstr("not an https URL"));
  EXPECT_THAT(origin("https://u:p@acme.my.salesforce.com"), HasSubstr("user information"));
  EXPECT_THAT(origin("https://evil.example@acme.my.salesforce.com"), HasSubstr("user information"));
  EXPECT_THAT(origin("https://acme.my.salesforce.com/services"), HasSubstr("goes on"));
  EXPECT_THAT(origin("https://acme.my.salesforce.com//"), HasSubstr("goes on"));
  EXPECT_THAT(origin("https://acme.my.salesforce.com?x"), HasSubstr("goes on"));
  EXPECT_THAT(origin("https://acme.my.salesforce.com#x"), HasSubstr("goes on"));
  EXPECT_THAT(origin("https://evil.example\\.salesforce.com"), HasSubstr("goes on"));
  for (const char* port : {"", "0", "65536", "443x", "+443", "-1", "000443", " 443", "443:443"}) {
    EXPECT_THAT(origin("https://acme.my.salesforce.com:" + std::string(port)), HasSubstr("malformed port"))
        << port;
  }
  EXPECT_THAT(origin("https://" + std::string(1100, 'a')), HasSubstr("longer"));
  for (const char* url :
       {"", "https://", "https:///", "acme.my.salesforce.com", "//acme.my.salesforce.com"}) {
    EXPECT_THAT(origin(url), HasSubstr("refused")) << url;
  }
}

TEST(InstanceUrl, AHostThatIsNotAllowedIsRefusedAndShownEscaped) {
  EXPECT_THAT(origin("https://evil.example"), HasSubstr("names the host evil.example, which"));
  for (const char* host : {"127.0.0.1", "[::1]", "salesforce.com.evil.example", "acme.my.salesforce.com.",
                           "acme.my.salesforce.com%00", "acme..salesforce.com", "localhost"}) {
    EXPECT_THAT(origin("https://" + std::string(host)), HasSubstr("does not allow")) << host;
  }
  EXPECT_THAT(origin("https://a\r\nX: y"), HasSubstr("malformed port"));
  EXPECT_THAT(origin("https://a\r\n.salesforce.com"), HasSubstr("a\\x0d\\x0a.salesforce.com"));
}

TEST(InstanceUrl, AnotherPortIsForThisMachineOnlyAndOnlyByItsOwnName) {
  EXPECT_THAT(origin("https://acme.my.salesforce.com:8443"), HasSubstr("port other than 443"));
  EXPECT_THAT(origin("https://gw.corp.example:8443", {"gw.corp.example"}), HasSubstr("port other than 443"));
  EXPECT_EQ(origin("https://localhost:8443", {"localhost"}), "https://localhost:8443");
  EXPECT_EQ(origin("https://[::1]:8443", {"::1"}), "https://[::1]:8443");
  EXPECT_EQ(origin("https://127.0.0.1:8443", {"127.0.0.1"}), "https://127.0.0.1:8443");
}

}  // namespace
}  // namespace sfjwt::oauth
