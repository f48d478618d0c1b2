// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/seal.h"

#include <gtest/gtest.h>

#include <string>

namespace sfjwt::keys {
namespace {

using namespace std::chrono_literals;

constexpr UnixTime kExpiry{1'700'003'600s};
constexpr auto kText = "what is to be kept secret";

Secret key_of(std::string_view base64) {
  return *seal_key_in(Secret(std::string(base64)));
}
Secret key() {
  return key_of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
}

template <class Bytes>
Bytes counted_from(unsigned char first) {
  Bytes bytes{};
  for (auto& byte : bytes) byte = first++;
  return bytes;
}

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

// Made with the package cryptography of Python.
const std::string kKnownId = bytes_of("3316a0fa54dd750e9a7b0dab3d157edc2836953082ea8d5f4f4c096edeca731e");
const std::string kKnownValue = bytes_of(
    "01000000006553ff10c8c9cacbcccdcecfd0d1d2d34b9ba80df0305241515062ca4688e703e8fdc47e2abb514cef4d0a784d4144"
    "e608e5b0ab64e34de73d");

class SealTest : public ::testing::Test {
 protected:
  Seal seal_{key()};
  SealedId id_ = seal_.id_of(counted_from<SealedId>(100));
  std::string value_ = seal_.encrypt(id_, kExpiry, kText);
};

TEST_F(SealTest, AnIdIsTheHmacThatAnotherImplementationMakes) {
  EXPECT_EQ(std::string(id_.begin(), id_.end()), kKnownId);
}

TEST_F(SealTest, OpensWhatAnotherImplementationHasClosed) {
  const auto opened = seal_.decrypt(id_, kKnownValue);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->content.reveal(), kText);
  EXPECT_EQ(opened->expires_at, kExpiry);
}

TEST_F(SealTest, OpensWhatItHasClosed) {
  EXPECT_EQ(seal_.decrypt(id_, value_)->content.reveal(), kText);
  EXPECT_EQ(value_.size(), Seal::kOverhead + std::string_view(kText).size());
}

TEST_F(SealTest, NothingIsSomethingToClose) {
  EXPECT_EQ(seal_.decrypt(id_, seal_.encrypt(id_, kExpiry, ""))->content.reveal(), "");
}

TEST_F(SealTest, NoTwoValuesAreAlike) {
  EXPECT_NE(value_, seal_.encrypt(id_, kExpiry, kText));
}

TEST_F(SealTest, AChangedBitIsNoticedWhereverItIs) {
  for (std::size_t at = 0; at < value_.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = value_;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      EXPECT_FALSE(seal_.decrypt(id_, changed)) << "bit " << bit << " of byte " << at;
    }
  }
}

TEST_F(SealTest, APartOfAValueIsNone) {
  for (std::size_t size = 0; size < value_.size(); ++size) {
    EXPECT_FALSE(seal_.decrypt(id_, value_.substr(0, size))) << size << " bytes";
    EXPECT_FALSE(seal_.decrypt(id_, value_.substr(value_.size() - size))) << "last " << size << " bytes";
  }
}

TEST_F(SealTest, MoreThanAValueIsNone) {
  EXPECT_FALSE(seal_.decrypt(id_, value_ + '\0'));
  EXPECT_FALSE(seal_.decrypt(id_, value_ + value_));
}

TEST_F(SealTest, AValueThatIsTooLargeIsNotEvenLookedAt) {
  const std::string most(kLargestSealed - Seal::kOverhead, 'x');
  EXPECT_TRUE(seal_.decrypt(id_, seal_.encrypt(id_, kExpiry, most)));
  EXPECT_FALSE(seal_.decrypt(id_, seal_.encrypt(id_, kExpiry, most + 'x')));
}

TEST_F(SealTest, AValueIsOneOfItsIdAlone) {
  SealedId other = id_;
  other[31] ^= 1;
  EXPECT_FALSE(seal_.decrypt(other, value_));
}

TEST_F(SealTest, AnotherKeyOpensNothingAndHasOtherIds) {
  const Seal other(key_of("//////////////////////////////////////////8="));
  EXPECT_FALSE(other.decrypt(id_, value_));
  EXPECT_NE(other.id_of(counted_from<SealedId>(100)), id_);
}

TEST_F(SealTest, NeitherIdNorValueShowsWhatItIsOf) {
  EXPECT_EQ(value_.find("secret"), std::string::npos);
  const auto raw = counted_from<SealedId>(100);
  EXPECT_NE(id_, raw);
}

TEST(SealKey, IsThirtyTwoBytesInBase64) {
  const auto most = seal_key_in(Secret("//////////////////////////////////////////8="));
  ASSERT_TRUE(most);
  EXPECT_EQ(most->reveal(), std::string(32, '\xff'));
  EXPECT_EQ(seal_key_in(Secret("++++++++++++++++++++++++++++++++++++++++++8="))->size(), 32U);
}

TEST(SealKey, AnythingElseIsNone) {
  const std::string a42(42, 'A');
  for (const std::string& text : {std::string(), std::string("A"), a42, a42 + "A", a42 + "AA", a42 + "==",
                                  a42 + "B=", a42 + "A=A", a42 + "A==", std::string(43, '-') + "=",
                                  std::string(43, '_') + "=", a42 + "%=", " " + a42 + "=", a42 + "\xff="}) {
    const auto key = seal_key_in(Secret(text));
    ASSERT_FALSE(key) << text;
    EXPECT_NE(key.error().find("openssl rand -base64 32"), std::string::npos);
  }
}

}  // namespace
}  // namespace sfjwt::keys
