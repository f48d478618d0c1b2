// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/key_material.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/keys/key_files.h"

namespace sfjwt::keys {
namespace {

using ::testing::HasSubstr;

TEST(KeyMaterial, TellsTheFormOfAKeyAndWhetherItIsEncrypted) {
  const TemporaryFolder folder;
  const TestKey key = rsa_key();
  const struct {
    std::string content;
    std::string form;
    bool encrypted;
  } kForms[] = {{private_pem(key), "PEM, PKCS#8", false},
                {private_pem(key, "word"), "PEM, PKCS#8", true},
                {traditional_pem(key), "PEM, PKCS#1", false},
                {traditional_pem(key, "word"), "PEM, PKCS#1", true},
                {private_der(key), "DER", false},
                {pkcs12(key, "word"), "PKCS#12", true},
                {pkcs12(key, ""), "PKCS#12", false}};
  for (const auto& [content, form, encrypted] : kForms) {
    const auto material = read_key_material(folder.file("key", content), Secret("word"));
    ASSERT_TRUE(material.has_value()) << material.error();
    EXPECT_EQ(material->form, form);
    EXPECT_EQ(material->encrypted, encrypted) << form;
  }
}

TEST(KeyMaterial, AKeyThatIsNotFitForRs256IsReadAllTheSame) {
  const TemporaryFolder folder;
  const auto elliptic = read_key_material(folder.file("ec", traditional_pem(ec_key())));
  ASSERT_TRUE(elliptic.has_value());
  EXPECT_EQ(elliptic->form, "PEM, SEC 1");
  EXPECT_EQ(type_name(elliptic->key.get()), "EC");
  EXPECT_THAT(unfit_for_rs256(elliptic->key.get()), HasSubstr("RS256 needs an RSA key"));
}

TEST(KeyMaterial, TheFingerprintIsThatOfThePublicKeyInfo) {
  const TestKey key = rsa_key();
  const TestKey other = rsa_key();
  EXPECT_EQ(public_fingerprint(key.get()).size(), 64U);
  EXPECT_EQ(public_fingerprint(key.get()), public_fingerprint(key.get()));
  EXPECT_NE(public_fingerprint(key.get()), public_fingerprint(other.get()));
}

TEST(KeyMaterial, AUriIsShownWithoutItsQuery) {
  EXPECT_EQ(shown_source("pkcs11:object=a?pin-value=1234"), "pkcs11:object=a");
  EXPECT_EQ(shown_source("/a/b?c"), "/a/b?c");
}

}  // namespace
}  // namespace sfjwt::keys
