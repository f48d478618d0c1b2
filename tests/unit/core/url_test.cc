// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/url.h"

#include <gtest/gtest.h>

namespace sfjwt {
namespace {

TEST(Url, IsTakenApartAsItIsWritten) {
  const auto url = parse_url("HTTPS://user:pw@Acme.example:8443/a/../b%2F?x=1?y#z#");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->has_scheme("https"));
  EXPECT_EQ(url->authority, "user:pw@Acme.example:8443");
  EXPECT_EQ(url->user_information, "user:pw");
  EXPECT_EQ(url->host, "Acme.example");
  EXPECT_EQ(url->port, "8443");
  EXPECT_EQ(url->path, "/a/../b%2F");
  EXPECT_EQ(url->query, "x=1?y");
  EXPECT_EQ(url->fragment, "z#");
  EXPECT_EQ(url->origin(), "HTTPS://user:pw@Acme.example:8443");
}

TEST(Url, PartsThatAreNotThereAreTold) {
  const auto url = parse_url("http://host");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "host");
  EXPECT_EQ(url->path, "");
  EXPECT_FALSE(url->user_information || url->port || url->query || url->fragment);
  EXPECT_EQ(parse_url("http://host:")->port, "");
  EXPECT_EQ(parse_url("http://host?")->query, "");
  for (const char* text : {"", "host", "//host/path", "://host", "mailto:a@corp.example"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

TEST(Url, AnIpv6AddressKeepsItsBrackets) {
  EXPECT_EQ(parse_url("https://[::1]:8443/x")->host, "[::1]");
  EXPECT_EQ(parse_url("https://[::1]:8443/x")->port, "8443");
  EXPECT_FALSE(parse_url("https://[::1]")->port);
  EXPECT_FALSE(port_number(*parse_url("https://[::1]evil.example")->port));
  EXPECT_EQ(parse_url("https://[::1")->host, "");
}

TEST(Url, TheHostIsWhatIsBehindTheLastAt) {
  EXPECT_EQ(parse_url("https://good.example@evil.example/")->host, "evil.example");
  EXPECT_EQ(parse_url("https://a@b@evil.example/")->user_information, "a@b");
  EXPECT_EQ(parse_url("https://evil.example/@good.example")->host, "evil.example");
  EXPECT_EQ(parse_url("https://evil.example#@good.example")->host, "evil.example");
  EXPECT_EQ(parse_url("https://evil.example?@good.example/")->host, "evil.example");
}

TEST(Url, APortIsADecimalNumberOfSixteenBits) {
  EXPECT_EQ(port_number("443"), 443U);
  EXPECT_EQ(port_number("65535"), 65535U);
  for (const char* text : {"", "0", "65536", "443x", "+443", "-1", "000443", " 443", "443:443"}) {
    EXPECT_FALSE(port_number(text)) << text;
  }
}

TEST(Url, PercentEncodingIsUndoneAndAMalformedEscapeStays) {
  EXPECT_EQ(percent_decoded("a%20b%2fc%2F"), "a b/c/");
  EXPECT_EQ(percent_decoded("%"), "%");
  EXPECT_EQ(percent_decoded("%2"), "%2");
  EXPECT_EQ(percent_decoded("%zz%2g%41"), "%zz%2gA");
}

TEST(HttpsUrl, TheDefectIsNamed) {
  EXPECT_FALSE(https_url_defect("https://login.example/services"));
  EXPECT_FALSE(https_url_defect("https://[::1]:8443/"));
  for (const char* text :
       {"", "http://a.example", "https://", "https://:443/", "https://a.example:x", "https://a b"})
    EXPECT_EQ(https_url_defect(text), "must be an https URL with a host") << text;
  for (const char* text : {"https://u@a.example", "https://a.example/#x"})
    EXPECT_EQ(https_url_defect(text), "must be a URL without user information and fragment") << text;
}

}  // namespace
}  // namespace sfjwt
