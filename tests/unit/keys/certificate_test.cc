// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mod_sfjwt/keys/signing_key.h"
#include "tests/unit/keys/key_files.h"

namespace sfjwt::keys {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(Certificate, ItsFingerprintIsThatOfItsKeyAndOfNoOther) {
  const TemporaryFolder folder;
  const TestKey key = rsa_key();
  const auto certificate = read_certificate(folder.file("cert.pem", certificate_pem(key)));
  ASSERT_TRUE(certificate.has_value()) << certificate.error();
  EXPECT_THAT(certificate->fingerprint, SizeIs(64));
  EXPECT_EQ(certificate->fingerprint, SigningKey::load(folder.file("key", private_pem(key)))->fingerprint());
  EXPECT_NE(certificate->fingerprint,
            SigningKey::load(folder.file("key", private_pem(rsa_key())))->fingerprint());
  EXPECT_EQ(certificate->not_after - certificate->not_before, 3600s);
}

TEST(Certificate, WhatIsNoneIsRefusedWithTheReason) {
  const TemporaryFolder folder;
  const auto complaint = [](const std::string& file) {
    const auto read = read_certificate(file);
    return read ? std::string("fine") : read.error();
  };
  EXPECT_THAT(complaint(folder.file("key", private_pem(rsa_key()))), HasSubstr("holds no certificate"));
  EXPECT_THAT(complaint(folder.file("text", "text")), HasSubstr("holds no certificate"));
  EXPECT_THAT(complaint(folder.file("empty", "")), HasSubstr("is empty"));
  EXPECT_THAT(complaint(folder.file("bom", "\xEF\xBB\xBF" + certificate_pem(rsa_key()))),
              HasSubstr("byte order mark"));
  EXPECT_THAT(complaint(folder.file("wide", "\xFF\xFE-")), HasSubstr("UTF-16"));
  EXPECT_THAT(complaint(folder.path("absent")), HasSubstr("No such file"));
  EXPECT_THAT(complaint("/dev/zero"), HasSubstr("is a device"));
}

TEST(Certificate, AMonthBeforeItsEndAndBehindItThereIsAWarning) {
  const Certificate certificate{"", UnixTime{1'700'000'000s},
                                UnixTime{1'700'000'000s} + std::chrono::days{100}};
  const auto warning = [&](auto before_its_end) {
    return validity_warning(certificate, certificate.not_after - before_its_end).value_or("none");
  };
  EXPECT_EQ(warning(std::chrono::days{30} + 1s), "none");
  EXPECT_EQ(warning(std::chrono::days{30}), "expires on 2024-02-22 22:13:20 UTC, in 30 days");
  EXPECT_THAT(warning(0s), HasSubstr("expired on 2024-02-22 22:13:20 UTC"));
  EXPECT_THAT(warning(std::chrono::days{101}), HasSubstr("is not valid before 2023-11-14 22:13:20 UTC"));
}

}  // namespace
}  // namespace sfjwt::keys
