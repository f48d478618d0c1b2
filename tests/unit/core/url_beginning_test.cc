// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/url_beginning.h"

#include <gtest/gtest.h>

namespace sfjwt {
namespace {

using Hosts = std::vector<std::string>;

TEST(UrlBeginning, OfTheSchemeAloneMayBeThatOfAnyAddress) {
  for (const std::string beginning :
       {"", "h", "HTTPS", "https:", "https:/", "https://", "h2", "h2://", "h2c://", "b", "u"})
    EXPECT_TRUE(may_begin_token_url(beginning, {"localhost"})) << beginning;
}

TEST(UrlBeginning, OfABalancerOrSocketMayLeadAnywhere) {
  for (const std::string beginning :
       {"balancer://other", "BALANCER://x/", "unix:/run/x|https://other.example/"})
    EXPECT_TRUE(may_begin_token_url(beginning, {"localhost"})) << beginning;
}

TEST(UrlBeginning, OfASchemeWithoutTokensIsNone) {
  for (const std::string beginning :
       {"ajp://localhost", "fcgi://", "ftp", "ws://localhost/", "wss://localhost/", "httpx://localhost/"})
    EXPECT_FALSE(may_begin_token_url(beginning, {"localhost"})) << beginning;
}

TEST(UrlBeginning, ThatEndsWithinTheHostIsThatOfLongerHosts) {
  for (const std::string beginning : {"https://127.0.0", "https://1", "http://127.0.0.1", "h2://127."})
    EXPECT_TRUE(may_begin_token_url(beginning, {"127.0.0.1"})) << beginning;
  EXPECT_TRUE(may_begin_token_url("https://ORG.my", {"org.my.salesforce.com"}));
  EXPECT_TRUE(may_begin_token_url("https://partner.example", {".salesforce.com"}));
  EXPECT_TRUE(may_begin_token_url("https://x", {"*.salesforce.com"}));
}

TEST(UrlBeginning, OfAnotherHostIsNone) {
  for (const std::string beginning : {"https://127.0.0.2", "https://127.0.0/", "https://127.0.0:443",
                                      "https://2", "https://127.0.0.10", "http://other.example"})
    EXPECT_FALSE(may_begin_token_url(beginning, {"127.0.0.1"})) << beginning;
  EXPECT_FALSE(may_begin_token_url("https://partner.example/", {".salesforce.com", "localhost"}));
  EXPECT_FALSE(may_begin_token_url("https://partner.example:8443", {".salesforce.com"}));
}

TEST(UrlBeginning, OfAnAllowedHostMayGoOnWithAnyPort) {
  for (const std::string beginning :
       {"https://localhost/", "https://LOCALHOST:", "https://localhost:84", "https://localhost/other/"})
    EXPECT_TRUE(may_begin_token_url(beginning, {"other.example", "localhost"})) << beginning;
}

TEST(UrlBeginning, ThatIsNotUnderstoodMayBeThatOfAnyAddress) {
  for (const std::string beginning :
       {"https://user@other.example/", "https://${HOST}/", "https://%6cocalhost/"})
    EXPECT_TRUE(may_begin_token_url(beginning, {"localhost"})) << beginning;
}

TEST(UrlBeginning, OfAPatternEndsAtTheFirstWildcard) {
  EXPECT_EQ(literal_beginning("https://*.example/*"), "https://");
  EXPECT_EQ(literal_beginning("https://other.example/*"), "https://other.example/");
  EXPECT_EQ(literal_beginning("https://[::1]/"), "https://");
  EXPECT_EQ(literal_beginning("https://a?b"), "https://a");
  EXPECT_EQ(literal_beginning("https://a\\.b"), "https://a");
  EXPECT_EQ(literal_beginning("https://other.example"), "https://other.example");
}

TEST(UrlBeginning, EndsWithinTheHostUnlessSomethingFollowsIt) {
  for (const std::string beginning : {"", "https:", "https://", "https://127.0.0"})
    EXPECT_TRUE(ends_within_host(beginning)) << beginning;
  for (const std::string beginning : {"https://a/", "https://a:4", "https://a/b"})
    EXPECT_FALSE(ends_within_host(beginning)) << beginning;
}

}  // namespace
}  // namespace sfjwt
