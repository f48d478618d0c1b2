// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/host_pattern.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "mod_sfjwt/gateway/salesforce.h"

namespace sfjwt {
namespace {

bool is_salesforce(std::string_view host) {
  const auto patterns = gateway::default_hosts();
  return std::any_of(patterns.begin(), patterns.end(), [&](const auto& p) { return host_matches(host, p); });
}

TEST(HostPattern, TheDefaultPatternsAreSoundAndKnowTheSalesforceDomains) {
  for (const auto& pattern : gateway::default_hosts()) EXPECT_TRUE(check_host_pattern(pattern)) << pattern;
  EXPECT_TRUE(is_salesforce("acme.my.salesforce.com"));
  EXPECT_TRUE(is_salesforce("acme--dev.sandbox.my.salesforce.com"));
  EXPECT_TRUE(is_salesforce("acme.my.salesforce.mil"));
  EXPECT_FALSE(is_salesforce("salesforce.com.evil.example"));
  EXPECT_FALSE(is_salesforce("evilsalesforce.com"));
}

TEST(HostPattern, AnExactNameMatchesItselfOnlyWhateverTheCase) {
  EXPECT_TRUE(host_matches("Acme.My.Salesforce.Com", "acme.my.salesforce.com"));
  EXPECT_FALSE(host_matches("x.acme.my.salesforce.com", "acme.my.salesforce.com"));
  EXPECT_FALSE(host_matches("acme.my.salesforce.co", "acme.my.salesforce.com"));
}

TEST(HostPattern, ADomainMatchesWhatIsBelowItAtALabelBoundary) {
  for (const char* pattern : {".corp.example", "*.corp.example"}) {
    EXPECT_TRUE(host_matches("a.corp.example", pattern));
    EXPECT_TRUE(host_matches("a.b.CORP.example", pattern));
    EXPECT_FALSE(host_matches("corp.example", pattern));
    EXPECT_FALSE(host_matches(".corp.example", pattern));
    EXPECT_FALSE(host_matches("evilcorp.example", pattern));
    EXPECT_FALSE(host_matches("a.corp.example.evil.example", pattern));
  }
}

TEST(HostPattern, WhatIsNoHostNameNeverMatches) {
  for (const std::string_view host :
       {std::string_view("a.corp.example."), std::string_view("a..corp.example"), std::string_view(""),
        std::string_view("a b.corp.example"), std::string_view("evil.example/.corp.example"),
        std::string_view("evil.example\0.corp.example", 25), std::string_view("evil.example#.corp.example"),
        std::string_view("evil.example@a.corp.example"), std::string_view("a.corp.example:443"),
        std::string_view("a\r\n.corp.example"), std::string_view("\xC3\xA4.corp.example"),
        std::string_view("-a.corp.example"), std::string_view("a%2e.corp.example")}) {
    EXPECT_FALSE(host_matches(host, ".corp.example")) << host;
    EXPECT_FALSE(host_matches(host, host)) << host;
  }
  EXPECT_FALSE(host_matches(std::string(64, 'a') + ".corp.example", ".corp.example"));
  EXPECT_TRUE(host_matches(std::string(63, 'a') + ".corp.example", ".corp.example"));
}

TEST(HostPattern, AnAddressMatchesItselfOnly) {
  EXPECT_TRUE(host_matches("127.0.0.1", "127.0.0.1"));
  EXPECT_TRUE(host_matches("[::1]", "::1"));
  EXPECT_TRUE(host_matches("::1", "[::1]"));
  EXPECT_FALSE(host_matches("[::2]", "[::1]"));
  EXPECT_FALSE(host_matches("10.0.0.1", ".0.0.1"));
  EXPECT_FALSE(host_matches("a.0x7f", ".0x7f"));
  EXPECT_FALSE(host_matches("[::1]", ".1]"));
}

TEST(HostPattern, AWrongPatternIsRefusedWithTheReason) {
  const auto complaint = [](std::string_view pattern) {
    const auto checked = check_host_pattern(pattern);
    return checked ? std::string("fine") : checked.error();
  };
  EXPECT_EQ(complaint("acme.my.salesforce.com"), "fine");
  EXPECT_EQ(complaint("*.corp.example"), "fine");
  EXPECT_EQ(complaint("localhost"), "fine");
  EXPECT_EQ(complaint("[::1]"), "fine");
  EXPECT_EQ(complaint("127.0.0.1"), "fine");
  EXPECT_NE(complaint("https://a.example").find("is a URL"), std::string::npos);
  EXPECT_NE(complaint("a.example:443").find("has a port"), std::string::npos);
  EXPECT_NE(complaint("a.example/x").find("not a host name"), std::string::npos);
  EXPECT_NE(complaint("a.example.").find("ends with a dot"), std::string::npos);
  EXPECT_NE(complaint(".com").find("top-level"), std::string::npos);
  EXPECT_NE(complaint("b\xC3\xBC.example").find("xn--"), std::string::npos);
  for (const char* pattern : {"", "*", ".", "*.", "a.*.example", "*a.example", "..", ".0.0.1", "a b"}) {
    EXPECT_NE(complaint(pattern), "fine") << pattern;
  }
}

TEST(HostPattern, LoopbackIsKnownByNameAndByAddress) {
  for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1", "127.255.0.3", "::1", "[::1]"}) {
    EXPECT_TRUE(is_loopback(host)) << host;
  }
  for (const char* host :
       {"localhost.", "localhost.evil.example", "127.0.0.1.evil.example", "127.1", "127.0.0.256",
        "127.0.0.01", "128.0.0.1", "127.0.0.1.", "", "[::2]", "127.0.0.x"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

}  // namespace
}  // namespace sfjwt
