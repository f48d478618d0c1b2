// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/handle.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "mod_sfjwt/core/base64url.h"

namespace sfjwt::login {
namespace {

using namespace std::chrono_literals;

constexpr UnixTime kNow{1'700'000'000s};
constexpr auto kRealm = "gateway.corp.example:443/services";

Secret key_of(char byte) {
  return Secret(std::string(keys::Seal::kKeyBytes, byte));
}

Handle handle_for(std::string subject) {
  return {std::move(subject), kNow + 7ms, kNow + 2h, new_handle_id(), {}};
}

std::optional<HandleDefect> defect_of(const Result<Handle, HandleDefect>& opened) {
  return opened ? std::nullopt : std::optional(opened.error());
}

class HandleTest : public ::testing::Test {
 protected:
  auto open(std::string_view text, UnixTime now = kNow) const { return seal_.open(text, kRealm, now); }
  void expect_not_genuine(std::string_view text) const {
    EXPECT_EQ(defect_of(open(text)), HandleDefect::not_genuine) << text;
  }

  HandleSeal seal_{{key_of('a')}};
  Handle handle_ = handle_for("jane@corp.example");
  std::string text_{seal_.seal(handle_, kRealm).reveal()};
};

TEST_F(HandleTest, IsOpenedAsItWasSealed) {
  const auto opened = open(text_);
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, handle_);
}

TEST_F(HandleTest, KeepsTheCallerAndAnySubject) {
  handle_.caller = caller_digest("CN=etl");
  for (const std::size_t length :
       {std::size_t{1}, std::size_t{31}, std::size_t{32}, std::size_t{33}, kMaxHandleSubject}) {
    handle_.subject = std::string(length, '\xC3');
    const auto opened = open(seal_.seal(handle_, kRealm).reveal());
    ASSERT_TRUE(opened) << length;
    EXPECT_EQ(*opened, handle_);
  }
}

TEST_F(HandleTest, OfTheLongestSubjectHasLessThan512CharactersThatNeedNoEscaping) {
  handle_.subject = std::string(kMaxHandleSubject, '&');
  handle_.caller = caller_digest("jane");
  const Secret text = seal_.seal(handle_, kRealm);
  EXPECT_LT(text.size(), 512U);
  EXPECT_EQ(
      text.reveal().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string_view::npos);
}

TEST_F(HandleTest, IsNotSealedForASubjectThatDoesNotFit) {
  EXPECT_THROW(seal_.seal(handle_for(""), kRealm), std::invalid_argument);
  EXPECT_THROW(seal_.seal(handle_for(std::string(kMaxHandleSubject + 1, 'a')), kRealm),
               std::invalid_argument);
}

TEST_F(HandleTest, IsAnotherTextEachTime) {
  EXPECT_NE(seal_.seal(handle_, kRealm).reveal(), text_);
  EXPECT_NE(new_handle_id(), new_handle_id());
}

TEST_F(HandleTest, ShowsNoSubject) {
  const auto value = base64url_decoded(std::string_view(text_).substr(6));
  ASSERT_TRUE(value);
  EXPECT_EQ(value->find("jane"), std::string::npos);
}

TEST_F(HandleTest, ExpiresAtItsTime) {
  EXPECT_TRUE(open(text_, kNow + 2h - 1s));
  EXPECT_EQ(defect_of(open(text_, kNow + 2h)), HandleDefect::expired);
}

TEST_F(HandleTest, IsWorthNothingInAnotherRealm) {
  for (const std::string_view realm :
       {"", "gateway.corp.example:443/service", "gateway.corp.example:443/services2"})
    EXPECT_EQ(defect_of(seal_.open(text_, realm, kNow)), HandleDefect::not_genuine) << realm;
}

TEST_F(HandleTest, IsWorthNothingWithAnotherKey) {
  const HandleSeal other({key_of('b')});
  EXPECT_EQ(defect_of(other.open(text_, kRealm, kNow)), HandleDefect::not_genuine);
}

TEST_F(HandleTest, OfTheOldKeyIsOpenedDuringARotation) {
  const HandleSeal both({key_of('b'), key_of('a')});
  EXPECT_TRUE(both.open(text_, kRealm, kNow));
  EXPECT_EQ(defect_of(both.open(text_, kRealm, kNow + 2h)), HandleDefect::expired);
  const std::string renewed(both.seal(handle_, kRealm).reveal());
  EXPECT_TRUE(HandleSeal({key_of('b')}).open(renewed, kRealm, kNow));
  expect_not_genuine(renewed);
}

TEST_F(HandleTest, NeedsKeysOf32Bytes) {
  EXPECT_THROW(HandleSeal({}), std::invalid_argument);
  EXPECT_THROW(HandleSeal({key_of('a'), Secret("short")}), std::invalid_argument);
}

TEST_F(HandleTest, WithAnyCharacterChangedIsNotGenuine) {
  for (std::size_t at = 0; at < text_.size(); ++at) {
    for (const char other : {'A', 'B', '_', 'x', '@', '!', '\0', '\xFF'}) {
      if (text_[at] == other) continue;
      std::string changed = text_;
      changed[at] = other;
      expect_not_genuine(changed);
    }
  }
}

TEST_F(HandleTest, WithAnyBitFlippedIsNotGenuine) {
  const auto value = base64url_decoded(std::string_view(text_).substr(6));
  ASSERT_TRUE(value);
  for (std::size_t bit = 0; bit < value->size() * 8; ++bit) {
    std::string changed = *value;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    std::string text = "sfjwt-";
    append_base64url(text, changed);
    expect_not_genuine(text);
  }
}

TEST_F(HandleTest, CutOrExtendedIsNotGenuine) {
  for (std::size_t size = 0; size < text_.size(); ++size) expect_not_genuine(text_.substr(0, size));
  for (const char* more : {"A", "AA", "AAAA", "=", " ", "\n"}) expect_not_genuine(text_ + more);
  expect_not_genuine(text_ + std::string(100'000, 'A'));
  expect_not_genuine(" " + text_);
}

// A value of the token cache, sealed with the same key for an id that an attacker chose.
TEST_F(HandleTest, IsNoOtherValueOfTheSameKey) {
  const keys::Seal other(key_of('a'));
  const std::string_view realm = kRealm;
  const auto id = other.id_of({reinterpret_cast<const std::uint8_t*>(realm.data()), realm.size()});
  std::string text = "sfjwt-";
  append_base64url(text, other.encrypt(id, kNow + 1h, std::string(60, '\1')));
  expect_not_genuine(text);
}

TEST_F(HandleTest, IsKnownByItsShape) {
  EXPECT_TRUE(looks_like_handle(text_));
  EXPECT_TRUE(looks_like_handle(text_.substr(0, 100))) << "cut by a client";
  EXPECT_TRUE(looks_like_handle(text_ + std::string(1'000, 'A')));
  for (const std::string& other :
       {std::string(), std::string("sfjwt-"), std::string("sfjwt-robot"), std::string("jane@corp.example"),
        "sfjwt-" + std::string(200, 'a') + "@corp.example", "00D" + text_, "SFJWT-" + text_.substr(6),
        "00D5e000001abcd!AQ0AQ" + std::string(90, 'a'), text_ + "!", text_ + " "})
    EXPECT_FALSE(looks_like_handle(other)) << other;
}

TEST_F(HandleTest, IsFoundInOtherText) {
  for (const std::string& text : {text_, "Bearer " + text_, "sid=" + text_ + "; x=1",
                                  "/sfjwt-/" + text_ + "/", "sfjwt-" + text_, "00D" + text_ + "!"})
    EXPECT_TRUE(contains_handle(text)) << text;
  for (const std::string& text : {std::string(), std::string("sfjwt-"), text_.substr(0, 40), text_.substr(1),
                                  text_.substr(0, 40) + "." + text_.substr(40)})
    EXPECT_FALSE(contains_handle(text)) << text;
}

TEST_F(HandleTest, OfACallerIsOneOfThatNameAlone) {
  EXPECT_EQ(caller_digest("jane"), caller_digest("jane"));
  EXPECT_NE(caller_digest("jane"), caller_digest("Jane"));
}

}  // namespace
}  // namespace sfjwt::login
