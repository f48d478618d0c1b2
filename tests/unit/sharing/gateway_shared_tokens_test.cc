// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/sharing/gateway_shared_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <string>
#include <vector>

#include "tests/unit/core/fake_clock.h"
#include "tests/unit/sharing/fake_sealed_store.h"

namespace sfjwt::sharing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using StoreEvent = GatewaySharedTokens::StoreEvent;

constexpr tokens::TokenKey kJane{1};
constexpr tokens::TokenKey kJoe{2};

keys::Seal seal(char letter) {
  return keys::Seal(Secret(std::string(keys::Seal::kKeyBytes, letter)));
}

std::vector<keys::Seal> seals(std::string_view letters) {
  std::vector<keys::Seal> made;
  for (const char letter : letters) made.push_back(seal(letter));
  return made;
}

class GatewaySharedTokensTest : public ::testing::Test {
 protected:
  GatewaySharedTokens shared(std::string_view keys = "a") {
    return {store_, seals(keys), clock_, [this](StoreEvent news) { told_.push_back(news); }};
  }
  tokens::SharedToken token(const std::string& value) {
    const UnixTime now = clock_.now();
    tokens::SharedToken made{{Secret(value), "https://acme.my.salesforce.com", now, now + 55min, now + 12h},
                             now};
    made.token.unproven = true;
    return made;
  }
  std::string value_of(const std::optional<tokens::SharedToken>& found) {
    return found ? std::string(found->token.value.reveal()) : "";
  }

  FakeClock clock_;
  FakeSealedStore store_;
  std::vector<StoreEvent> told_;
};

TEST_F(GatewaySharedTokensTest, WhatOneKeepsAnotherFinds) {
  shared().keep(kJane, token("00D!jane"));
  const auto found = shared().find(kJane, nullptr);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->token.value.reveal(), "00D!jane");
  EXPECT_EQ(found->token.instance_url, "https://acme.my.salesforce.com");
  EXPECT_EQ(found->token.issued_at, clock_.now());
  EXPECT_EQ(found->used_at, clock_.now());
  EXPECT_EQ(found->token.not_after, clock_.now() + 12h);
  EXPECT_TRUE(found->token.unproven);
  EXPECT_FALSE(shared().find(kJoe, nullptr));
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(GatewaySharedTokensTest, NothingIsStoredInTheClearOrLongerThanItServes) {
  shared().keep(kJane, token("00D!jane"));
  ASSERT_EQ(store_.values.size(), 1U);
  const auto& [id, value] = *store_.values.begin();
  for (const auto* word : {"00D!", "jane", "salesforce"}) EXPECT_EQ(value.find(word), std::string::npos);
  EXPECT_NE(id, kJane);
  EXPECT_EQ(store_.expiries[id], clock_.now() + 55min);
}

TEST_F(GatewaySharedTokensTest, ARejectedTokenIsRemovedAndAnotherIsNot) {
  GatewaySharedTokens tokens = shared();
  const Secret rejected("00D!old");
  tokens.keep(kJane, token("00D!new"));
  EXPECT_EQ(value_of(tokens.find(kJane, &rejected)), "00D!new");
  tokens.keep(kJane, token("00D!old"));
  EXPECT_FALSE(tokens.find(kJane, &rejected));
  EXPECT_THAT(store_.values, IsEmpty());
}

TEST_F(GatewaySharedTokensTest, TheFirstKeyClosesAndBothOpen) {
  shared("a").keep(kJane, token("00D!jane"));
  shared("ba").keep(kJoe, token("00D!joe"));
  EXPECT_EQ(value_of(shared("ba").find(kJane, nullptr)), "00D!jane");
  EXPECT_EQ(value_of(shared("ab").find(kJoe, nullptr)), "00D!joe");
  EXPECT_EQ(value_of(shared("b").find(kJoe, nullptr)), "00D!joe");
  EXPECT_FALSE(shared("b").find(kJane, nullptr));
}

TEST_F(GatewaySharedTokensTest, ARejectedTokenIsRemovedUnderBothKeys) {
  shared("a").keep(kJane, token("00D!old"));
  shared("b").keep(kJane, token("00D!old"));
  const Secret rejected("00D!old");
  EXPECT_FALSE(shared("ba").find(kJane, &rejected));
  EXPECT_THAT(store_.values, IsEmpty());
}

TEST_F(GatewaySharedTokensTest, WhatWasPutIntoAnotherPlaceIsNotFoundAndToldOnce) {
  GatewaySharedTokens tokens = shared();
  tokens.keep(kJoe, token("00D!joe"));
  store_.values[seal('a').id_of(kJane)] = store_.values.begin()->second;
  EXPECT_FALSE(tokens.find(kJane, nullptr));
  EXPECT_FALSE(tokens.find(kJane, nullptr));
  EXPECT_THAT(told_, ElementsAre(StoreEvent::foreign));
}

TEST_F(GatewaySharedTokensTest, WhatIsSealedAndNoTokenIsNotFound) {
  const keys::Seal own = seal('a');
  const keys::SealedId id = own.id_of(kJane);
  for (const std::string& content :
       {std::string(), std::string("00D!jane"), std::string(100, '\0'), std::string(100, '\xff')}) {
    store_.values[id] = own.encrypt(id, clock_.now() + 1h, content);
    EXPECT_FALSE(shared().find(kJane, nullptr));
  }
}

TEST_F(GatewaySharedTokensTest, AnOldValueThatComesBackIsNotUsedAfterItsTimeAndIsNoForeignOne) {
  GatewaySharedTokens tokens = shared();
  tokens.keep(kJane, token("00D!jane"));
  clock_.advance(55min - 1s);
  EXPECT_TRUE(tokens.find(kJane, nullptr));
  clock_.advance(1s);
  EXPECT_FALSE(tokens.find(kJane, nullptr));
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(GatewaySharedTokensTest, WhatIsAboutToExpireIsNotStored) {
  tokens::SharedToken late = token("00D!late");
  late.token.expires_at = clock_.now() + 1s;
  shared().keep(kJane, late);
  EXPECT_EQ(store_.calls, 0);
}

TEST_F(GatewaySharedTokensTest, AFailureIsToldOnceAndTheStoreIsLeftAlone) {
  GatewaySharedTokens tokens = shared();
  store_.failing = true;
  EXPECT_FALSE(tokens.find(kJane, nullptr));
  EXPECT_FALSE(tokens.find(kJane, nullptr));
  tokens.keep(kJane, token("00D!jane"));
  EXPECT_EQ(store_.calls, 1);
  clock_.advance(5s);
  tokens.find(kJane, nullptr);
  tokens.keep(kJane, token("00D!jane"));
  EXPECT_EQ(store_.calls, 2);
  EXPECT_THAT(told_, ElementsAre(StoreEvent::failing));
}

TEST_F(GatewaySharedTokensTest, ItWorksAgainWhenItGivesOrTakesSomething) {
  GatewaySharedTokens tokens = shared();
  tokens.keep(kJane, token("00D!jane"));
  store_.failing = true;
  tokens.find(kJane, nullptr);
  store_.failing = false;
  clock_.advance(5s);
  EXPECT_TRUE(tokens.find(kJane, nullptr));
  EXPECT_THAT(told_, ElementsAre(StoreEvent::failing, StoreEvent::working));
}

TEST_F(GatewaySharedTokensTest, ThatItHasNothingDoesNotMeanThatItWorks) {
  GatewaySharedTokens tokens = shared();
  store_.failing = true;
  tokens.find(kJane, nullptr);
  store_.failing = false;
  clock_.advance(5s);
  tokens.find(kJane, nullptr);
  EXPECT_THAT(told_, ElementsAre(StoreEvent::failing));
  tokens.keep(kJane, token("00D!jane"));
  EXPECT_THAT(told_, ElementsAre(StoreEvent::failing, StoreEvent::working));
}

TEST_F(GatewaySharedTokensTest, NorDoesAValueThatIsNotOurs) {
  GatewaySharedTokens tokens = shared();
  store_.failing = true;
  tokens.find(kJane, nullptr);
  store_.failing = false;
  store_.values[seal('a').id_of(kJane)] = "hello";
  clock_.advance(5s);
  tokens.find(kJane, nullptr);
  EXPECT_THAT(told_, ElementsAre(StoreEvent::failing, StoreEvent::foreign));
}

TEST_F(GatewaySharedTokensTest, AStoreThatTakesNothingFails) {
  store_.forgets = true;
  shared().keep(kJane, token("00D!jane"));
  EXPECT_THAT(told_, ElementsAre(StoreEvent::failing));
}

TEST_F(GatewaySharedTokensTest, AnExceptionIsAMiss) {
  GatewaySharedTokens tokens = shared();
  store_.on_call = [] { throw std::bad_alloc(); };
  EXPECT_FALSE(tokens.find(kJane, nullptr));
}

}  // namespace
}  // namespace sfjwt::sharing
