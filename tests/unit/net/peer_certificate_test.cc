// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/peer_certificate.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <string>

#include "mod_sfjwt/core/owned.h"

namespace sfjwt::net {
namespace {

void name_subject(X509* certificate, const std::string& common_name) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(common_name.data());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, bytes,
                             static_cast<int>(common_name.size()), -1, 0);
}

// Self-signed; `alternatives` in the words of openssl.cnf ("DNS:a,IP:192.0.2.1"), empty: there are none.
std::string certificate_of(const std::string& common_name, const std::string& alternatives) {
  const Owned<EVP_PKEY, EVP_PKEY_free> key{EVP_EC_gen("P-256")};
  const Owned<X509, X509_free> certificate{X509_new()};
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_set_pubkey(certificate.get(), key.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  name_subject(certificate.get(), common_name);
  if (!alternatives.empty()) {
    const Owned<X509_EXTENSION, X509_EXTENSION_free> extension{
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternatives.c_str())};
    X509_add_ext(certificate.get(), extension.get(), -1);
  }
  EXPECT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  const Owned<BIO, BIO_free> out{BIO_new(BIO_s_mem())};
  PEM_write_bio_X509(out.get(), certificate.get());
  char* data = nullptr;
  const long length = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

TEST(PeerCertificate, NamesTheHostsOfItsSubjectAltName) {
  const std::string pem = certificate_of("nobody", "DNS:org.my.salesforce.com,DNS:other.example");
  EXPECT_TRUE(certificate_names(pem, "org.my.salesforce.com"));
  EXPECT_TRUE(certificate_names(pem, "ORG.my.Salesforce.com"));
  EXPECT_TRUE(certificate_names(pem, "other.example"));
}

TEST(PeerCertificate, NamesNoOtherHost) {
  const std::string pem = certificate_of("nobody", "DNS:org.my.salesforce.com");
  for (const char* host :
       {"my.salesforce.com", "x.org.my.salesforce.com", "org.my.salesforce.com.evil.example",
        "evilorg.my.salesforce.com", "192.0.2.1", "", "*", "."})
    EXPECT_FALSE(certificate_names(pem, host)) << host;
  EXPECT_FALSE(certificate_names(pem, std::string("org.my.salesforce.com\0.evil.example", 35)));
}

TEST(PeerCertificate, AStarIsOneWholeLabel) {
  const std::string pem = certificate_of("nobody", "DNS:*.my.salesforce.com,DNS:a*.force.com");
  EXPECT_TRUE(certificate_names(pem, "org.my.salesforce.com"));
  EXPECT_FALSE(certificate_names(pem, "my.salesforce.com"));
  EXPECT_FALSE(certificate_names(pem, "a.b.my.salesforce.com"));
  EXPECT_FALSE(certificate_names(pem, "abc.force.com"));
}

TEST(PeerCertificate, TheCommonNameCountsOnlyWithoutNamesBesideIt) {
  EXPECT_TRUE(certificate_names(certificate_of("org.my.salesforce.com", ""), "org.my.salesforce.com"));
  EXPECT_FALSE(certificate_names(certificate_of("org.my.salesforce.com", "DNS:other.example"),
                                 "org.my.salesforce.com"));
}

TEST(PeerCertificate, NamesAddresses) {
  const std::string pem = certificate_of("nobody", "IP:127.0.0.1,IP:::1");
  EXPECT_TRUE(certificate_names(pem, "127.0.0.1"));
  EXPECT_TRUE(certificate_names(pem, "::1"));
  EXPECT_FALSE(certificate_names(pem, "127.0.0.2"));
}

TEST(PeerCertificate, WhatIsNoCertificateNamesNobody) {
  EXPECT_FALSE(certificate_names("", "localhost"));
  EXPECT_FALSE(
      certificate_names("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "localhost"));
}

TEST(PeerCertificate, LeavesNoErrorForOthers) {
  certificate_names("no certificate", "localhost");
  EXPECT_EQ(0U, ERR_peek_error());
}

}  // namespace
}  // namespace sfjwt::net
