// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/signing_key.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <sys/stat.h>
#include <unistd.h>

#include <regex>
#include <thread>

#include "tests/unit/keys/key_files.h"

namespace sfjwt::keys {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class SigningKeyTest : public ::testing::Test {
 protected:
  std::string complaint(const std::string& source, std::optional<Secret> passphrase = std::nullopt) {
    const auto key = SigningKey::load(source, passphrase);
    return key ? std::string("fine") : key.error();
  }
  bool signs_as(const TestKey& key, const std::string& source,
                std::optional<Secret> passphrase = std::nullopt) {
    const auto loaded = SigningKey::load(source, passphrase);
    if (!loaded) ADD_FAILURE() << loaded.error();
    if (!loaded) return false;
    const auto signature = loaded->sign_rs256("bytes");
    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> state{EVP_MD_CTX_new()};
    return signature && EVP_DigestVerifyInit(state.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
           EVP_DigestVerify(state.get(), reinterpret_cast<const unsigned char*>(signature->data()),
                            signature->size(), reinterpret_cast<const unsigned char*>("bytes"), 5) == 1;
  }

  TemporaryFolder folder_;
};

std::string with_crlf(const std::string& text) {
  return std::regex_replace(text, std::regex("\n"), "\r\n");
}

TEST_F(SigningKeyTest, LoadsEveryFormAKeyComesIn) {
  const TestKey key = rsa_key();
  EXPECT_TRUE(signs_as(key, folder_.file("pkcs8.pem", private_pem(key))));
  EXPECT_TRUE(signs_as(key, folder_.file("crlf.pem", with_crlf(private_pem(key)))));
  EXPECT_TRUE(signs_as(key, folder_.file("old.pem", traditional_pem(key))));
  EXPECT_TRUE(signs_as(key, folder_.file("key.der", private_der(key))));
  EXPECT_TRUE(signs_as(key, folder_.file("both.pem", certificate_pem(key) + private_pem(key))));
  EXPECT_TRUE(
      signs_as(key, folder_.file("text.pem", "Bag Attributes\n  friendlyName: x\n" + private_pem(key))));
  EXPECT_TRUE(signs_as(key, "file:" + folder_.file("uri.pem", private_pem(key))));
  EXPECT_TRUE(signs_as(key, "file://" + folder_.path("uri.pem")));
}

TEST_F(SigningKeyTest, LoadsEncryptedFormsWithTheirPassphrase) {
  const TestKey key = rsa_key();
  const Secret passphrase("correct horse");
  EXPECT_TRUE(signs_as(key, folder_.file("pkcs8.pem", private_pem(key, "correct horse")), passphrase));
  EXPECT_TRUE(signs_as(key, folder_.file("old.pem", traditional_pem(key, "correct horse")), passphrase));
  EXPECT_TRUE(signs_as(key, folder_.file("key.p12", pkcs12(key, "correct horse")), passphrase));
  EXPECT_TRUE(signs_as(key, folder_.file("plain.pem", private_pem(key)), passphrase));
}

TEST_F(SigningKeyTest, AnEncryptedKeyWithoutPassphraseIsRefusedAndNobodyIsAsked) {
  const TestKey key = rsa_key();
  for (const auto& content :
       {private_pem(key, "x1234"), traditional_pem(key, "x1234"), pkcs12(key, "x1234")}) {
    EXPECT_THAT(complaint(folder_.file("key", content)),
                HasSubstr("is encrypted and no passphrase is configured"));
  }
}

TEST_F(SigningKeyTest, AWrongPassphraseIsNamedAsTheReasonAndNotShown) {
  const TestKey key = rsa_key();
  for (const auto& content :
       {private_pem(key, "x1234"), traditional_pem(key, "x1234"), pkcs12(key, "x1234")}) {
    EXPECT_THAT(complaint(folder_.file("key", content), Secret("battery staple")),
                AllOf(HasSubstr("the passphrase is wrong"), Not(HasSubstr("battery"))));
    EXPECT_THAT(complaint(folder_.path("key"), Secret("")), HasSubstr("the passphrase is wrong"));
    EXPECT_THAT(complaint(folder_.path("key"), Secret(std::string(100'000, 'x'))),
                HasSubstr("passphrase is wrong"));
  }
}

TEST_F(SigningKeyTest, WhatIsNoRsaPrivateKeyIsRefusedWithTheReason) {
  const TestKey rsa = rsa_key();
  EXPECT_THAT(complaint(folder_.file("ec.pem", private_pem(ec_key()))),
              HasSubstr("type EC; RS256 needs an RSA key"));
  EXPECT_THAT(complaint(folder_.file("small.pem", private_pem(rsa_key(1024)))),
              HasSubstr("RSA key of 1024 bits"));
  EXPECT_THAT(complaint(folder_.file("public.pem", public_pem(rsa))), HasSubstr("holds a public key only"));
  EXPECT_THAT(complaint(folder_.file("cert.pem", certificate_pem(rsa))), HasSubstr("holds a certificate"));
  EXPECT_THAT(complaint(folder_.file("two.pem", private_pem(rsa) + private_pem(rsa_key()))),
              HasSubstr("more than one"));
  EXPECT_THAT(complaint(folder_.file("text.pem", "not a key\n")), HasSubstr("holds no private key"));
  EXPECT_THAT(complaint(folder_.file("bom.pem", "\xEF\xBB\xBF" + private_pem(rsa))),
              HasSubstr("byte order mark"));
  const std::string whole = private_pem(rsa);
  EXPECT_THAT(complaint(folder_.file("cut.pem", whole.substr(0, whole.size() / 2))),
              HasSubstr("no private key"));
}

TEST_F(SigningKeyTest, WhatIsNoRegularFileOfAKeysSizeIsRefusedWithTheReason) {
  EXPECT_THAT(complaint(folder_.path("absent.pem")),
              AllOf(StartsWith(folder_.path("absent.pem")), HasSubstr("No such file or directory")));
  EXPECT_THAT(complaint(folder_.path("")), HasSubstr("is a directory"));
  EXPECT_THAT(complaint(folder_.file("empty.pem", "")), HasSubstr("is empty"));
  EXPECT_THAT(complaint(folder_.file("large.pem", std::string(64 * 1024 + 1, '\n'))),
              HasSubstr("larger than 64 KB"));
  EXPECT_THAT(complaint("/dev/zero"), HasSubstr("is a device"));
  ASSERT_EQ(::mkfifo(folder_.path("fifo").c_str(), 0600), 0);
  EXPECT_THAT(complaint(folder_.path("fifo")), HasSubstr("is a FIFO"));
  EXPECT_THAT(complaint(std::string("a\0b", 3)), HasSubstr("not a file name"));
  EXPECT_THAT(complaint(""), Not("fine"));
}

TEST_F(SigningKeyTest, AnUnreadableFileIsRefused) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads every file";
  const auto path = folder_.file("key.pem", private_pem(rsa_key()));
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  EXPECT_THAT(complaint(path), HasSubstr("Permission denied"));
}

TEST_F(SigningKeyTest, AUriWithoutItsProviderIsRefusedAndItsPinNotShown) {
  EXPECT_THAT(complaint("pkcs11:token=t;object=k?pin-value=1234567"),
              AllOf(StartsWith("pkcs11:token=t;object=k"), Not(HasSubstr("1234567"))));
}

TEST_F(SigningKeyTest, AFileThatEverybodyCanReadIsAWarning) {
  const auto path = folder_.file("key.pem", private_pem(rsa_key()));
  EXPECT_THAT(SigningKey::load(path)->warnings(), IsEmpty());
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  const auto key = SigningKey::load(path);
  ASSERT_TRUE(key.has_value());
  ASSERT_EQ(key->warnings().size(), 1U);
  EXPECT_THAT(key->warnings()[0], AllOf(HasSubstr(path), HasSubstr("0644")));
}

TEST_F(SigningKeyTest, LeavesNoErrorsBehindInOpenSslsQueue) {
  ERR_clear_error();
  static_cast<void>(complaint(folder_.file("text.pem", "not a key\n")));
  static_cast<void>(complaint(folder_.file("enc.pem", private_pem(rsa_key(), "x1234")), Secret("wrong")));
  EXPECT_EQ(ERR_peek_error(), 0UL);
}

TEST_F(SigningKeyTest, SeveralThreadsSignWithOneKey) {
  const TestKey reference = rsa_key();
  const auto key = SigningKey::load(folder_.file("key.pem", private_pem(reference)));
  ASSERT_TRUE(key.has_value());
  const auto expected = key->sign_rs256("bytes");  // RS256 is deterministic
  ASSERT_TRUE(expected.has_value());
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([copy = *key, &expected] {
      for (int n = 0; n < 20; ++n) EXPECT_EQ(*copy.sign_rs256("bytes"), *expected);
    });
  }
}

}  // namespace
}  // namespace sfjwt::keys
