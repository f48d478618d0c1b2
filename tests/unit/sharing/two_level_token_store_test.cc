// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/sharing/two_level_token_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "mod_sfjwt/tokens/local_token_store.h"
#include "mod_sfjwt/tokens/token_source.h"
#include "tests/unit/core/fake_clock.h"
#include "tests/unit/keys/key_files.h"
#include "tests/unit/oauth/scripted_transport.h"
#include "tests/unit/oauth/test_client.h"
#include "tests/unit/sharing/fake_sealed_store.h"
#include "tests/unit/tokens/answers.h"
#include "tests/unit/tokens/supplied.h"

namespace sfjwt::sharing {
namespace {

using namespace std::chrono_literals;
using Origin = tokens::SuppliedToken::Origin;

constexpr auto kJane = "jane@corp.example";

keys::SigningKey test_key() {
  const keys::TemporaryFolder folder;
  return *keys::SigningKey::load(folder.file("key.pem", keys::private_pem(keys::rsa_key())));
}

std::vector<keys::Seal> one_seal() {
  std::vector<keys::Seal> made;
  made.emplace_back(Secret(std::string(keys::Seal::kKeyBytes, 'k')));
  return made;
}

// One host with all it has of its own.
struct Gateway {
  Gateway(SealedStore& store, oauth::Transport& transport, const keys::SigningKey& key, const Clock& clock,
          const oauth::Client& client = oauth::client())
      : local(clock),
        shared(store, one_seal(), clock, [](GatewaySharedTokens::StoreEvent) {}),
        levels(local, shared, {client.idle_lifetime, client.absolute_lifetime}, clock),
        tokens(client, key, levels, transport, clock) {}

  std::string token() {
    auto supplied = tokens.token_for(kJane);
    return supplied ? std::string(supplied->token.value.reveal()) : supplied.error().code;
  }

  tokens::LocalTokenStore local;
  GatewaySharedTokens shared;
  TwoLevelTokenStore levels;
  tokens::TokenSource tokens;
};

class TwoLevelTokenStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<Gateway> gateway(const oauth::Client& of = oauth::client()) {
    return std::make_unique<Gateway>(store_, grants_, key_, clock_, of);
  }

  keys::SigningKey key_ = test_key();
  FakeClock clock_;
  FakeSealedStore store_;
  oauth::ScriptedTransport grants_{
      [](std::size_t call) { return oauth::granted("00D!token" + std::to_string(call)); }};
};

TEST_F(TwoLevelTokenStoreTest, ATokenFetchedByOneIsAHitOfTheOther) {
  const auto one = gateway(), other = gateway();
  EXPECT_EQ(one->token(), "00D!token0");
  const auto supplied = other->tokens.token_for(kJane);
  ASSERT_TRUE(supplied);
  EXPECT_EQ(supplied->origin, Origin::hit);
  EXPECT_EQ(supplied->token.value.reveal(), "00D!token0");
  EXPECT_EQ(supplied->token.instance_url, "https://acme.my.salesforce.com");
  EXPECT_EQ(grants_.calls(), 1U);
}

TEST_F(TwoLevelTokenStoreTest, AHitAsksNobody) {
  const auto one = gateway();
  one->token();
  const int before = store_.calls;
  for (int i = 0; i < 10; ++i) one->token();
  EXPECT_EQ(store_.calls, before);
}

TEST_F(TwoLevelTokenStoreTest, OfManyThreadsOneLooks) {
  const auto one = gateway();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { EXPECT_EQ(one->token(), "00D!token0"); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_.calls, 2);  // to look, and to store
}

TEST_F(TwoLevelTokenStoreTest, AFoundTokenStaysHere) {
  gateway()->token();
  const auto other = gateway();
  other->token();
  store_.values.clear();
  EXPECT_EQ(other->token(), "00D!token0");
}

TEST_F(TwoLevelTokenStoreTest, AFoundTokenDiesWhenItWouldHaveDiedWhereItWasUsedLast) {
  gateway()->token();
  clock_.advance(30min);
  const auto other = gateway();
  EXPECT_EQ(other->token(), "00D!token0");
  clock_.advance(25min - 1s);
  EXPECT_EQ(other->token(), "00D!token0");
  clock_.advance(1s);
  EXPECT_EQ(other->token(), "00D!token1");
}

TEST_F(TwoLevelTokenStoreTest, ASuccessInTheSecondHalfOfTheIdleLifetimeIsToldToTheOthers) {
  const auto one = gateway();
  one->token();
  clock_.advance(30min);
  auto used = one->tokens.token_for(kJane);
  ASSERT_TRUE(used && used->report_wanted);
  one->tokens.accepted(*used);
  clock_.advance(50min);
  EXPECT_EQ(gateway()->token(), "00D!token0");
}

TEST_F(TwoLevelTokenStoreTest, TheIdleLifetimeOfTheGatewayThatFindsATokenRules) {
  gateway()->token();
  oauth::Client strict = oauth::client();
  strict.idle_lifetime = 10min;
  clock_.advance(9min);
  EXPECT_EQ(gateway(strict)->token(), "00D!token0");
  clock_.advance(1min);
  EXPECT_EQ(gateway(strict)->token(), "00D!token1");
}

TEST_F(TwoLevelTokenStoreTest, TheAgeThatTheGatewayThatFindsATokenAllowsRules) {
  gateway()->token();
  oauth::Client strict = oauth::client();
  strict.absolute_lifetime = 20min;
  clock_.advance(20min);
  EXPECT_EQ(gateway(strict)->token(), "00D!token1");
}

TEST_F(TwoLevelTokenStoreTest, AnotherConfigurationFindsNothing) {
  gateway()->token();
  oauth::Client other = oauth::client();
  other.claims = {{"role", "reader"}};
  EXPECT_EQ(gateway(other)->token(), "00D!token1");
}

TEST_F(TwoLevelTokenStoreTest, AfterARejectionTheNewTokenOfAnotherGatewayIsUsed) {
  const auto one = gateway(), other = gateway();
  one->token();
  other->token();
  const tokens::SuppliedToken dead = tokens::supplied_before("00D!token0", kJane);
  EXPECT_EQ(one->tokens.renew(kJane, dead)->origin, Origin::renewed);
  const auto renewed = other->tokens.renew(kJane, dead);
  ASSERT_TRUE(renewed);
  EXPECT_EQ(renewed->token.value.reveal(), "00D!token1");
  EXPECT_EQ(grants_.calls(), 2U);
}

TEST_F(TwoLevelTokenStoreTest, ANewTokenThatIsRejectedElsewhereTooIsNotRenewedAgain) {
  const auto one = gateway(), other = gateway();
  one->token();
  other->token();
  EXPECT_TRUE(one->tokens.renew(kJane, tokens::supplied_before("00D!token0", kJane)));
  EXPECT_TRUE(other->tokens.renew(kJane, tokens::supplied_before("00D!token0", kJane)));
  const auto again = other->tokens.renew(kJane, tokens::supplied_before("00D!token1", kJane));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, oauth::kRenewalPaused);
  EXPECT_EQ(grants_.calls(), 2U);
}

TEST_F(TwoLevelTokenStoreTest, ATokenWhoseRenewalIsPausedIsNotOffered) {
  oauth::ScriptedTransport same([](std::size_t) { return oauth::granted("00D!same"); });
  Gateway one(store_, same, key_, clock_);
  one.token();
  EXPECT_FALSE(one.tokens.renew(kJane, tokens::supplied_before("00D!same", kJane)));
  EXPECT_TRUE(store_.values.empty());
}

TEST_F(TwoLevelTokenStoreTest, ATokenThatWasReplacedHereIsNotOfferedAgainByALateSuccess) {
  const auto one = gateway();
  const auto old = one->tokens.token_for(kJane);
  EXPECT_TRUE(one->tokens.renew(kJane, *old));
  one->tokens.accepted(*old);
  EXPECT_EQ(gateway()->token(), "00D!token1");
}

TEST_F(TwoLevelTokenStoreTest, AnAgingTokenIsReplacedByTheYoungerOneOfAnotherGateway) {
  oauth::Client lasting = oauth::client();
  lasting.idle_lifetime = lasting.absolute_lifetime;
  const auto one = gateway(lasting), other = gateway(lasting);
  one->token();
  other->token();
  clock_.advance(11h + 30min);
  EXPECT_EQ(one->token(), "00D!token1");
  EXPECT_EQ(other->token(), "00D!token1");
  EXPECT_EQ(grants_.calls(), 2U);
}

TEST_F(TwoLevelTokenStoreTest, AStoreThatFailsCostsTokenRequestsAndNothingElse) {
  store_.failing = true;
  const auto one = gateway(), other = gateway();
  EXPECT_EQ(one->token(), "00D!token0");
  EXPECT_EQ(other->token(), "00D!token1");
  EXPECT_EQ(one->token(), "00D!token0");
}

TEST_F(TwoLevelTokenStoreTest, WhenNoTokenIsGrantedOneOfAnotherGatewayServes) {
  gateway()->token();
  oauth::ScriptedTransport down([](std::size_t) -> oauth::ScriptedTransport::Answer {
    return Unexpected{oauth::TransportError{oauth::TransportError::Cause::unreachable, "gone"}};
  });
  Gateway other(store_, down, key_, clock_);
  EXPECT_EQ(other.token(), "00D!token0");
}

// The clock of another gateway is not ours.
class ForeignTimes : public TwoLevelTokenStoreTest {
 protected:
  std::optional<tokens::AccessToken> found(const tokens::SharedToken& shared) {
    GatewaySharedTokens other(store_, one_seal(), clock_, [](GatewaySharedTokens::StoreEvent) {});
    other.keep(tokens::TokenKey{}, shared);
    const auto one = gateway();
    return tokens::token_in(one->levels.get_or_claim(tokens::TokenKey{}, 1s, nullptr));
  }
  tokens::SharedToken token(UnixTime issued_at, UnixTime not_after, UnixTime used_at) {
    return {{Secret("00D!token"), "https://acme.my.salesforce.com", issued_at, clock_.now() + 1h, not_after},
            used_at};
  }

  UnixTime now_ = clock_.now();
  static constexpr UnixTime kFirst = UnixTime::min();
  static constexpr UnixTime kLast = UnixTime::max();
};

TEST_F(ForeignTimes, ATokenOfTheFutureIsOneOfNow) {
  const auto taken = found(token(now_ + 1h, now_ + 100h, now_ + 2h));
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->issued_at, now_);
  EXPECT_EQ(taken->expires_at, now_ + 55min);
  EXPECT_EQ(taken->not_after, now_ + 12h);
}

TEST_F(ForeignTimes, AUseBeforeTheGrantIsTheGrant) {
  EXPECT_EQ(found(token(now_ - 10min, now_ + 1h, now_ - 20min))->expires_at, now_ + 45min);
}

TEST_F(ForeignTimes, ImpossibleTimesAreNoToken) {
  EXPECT_FALSE(found(token(kFirst, kLast, kLast)));
  EXPECT_FALSE(found(token(now_, kFirst, now_)));
  EXPECT_FALSE(found(token(now_, now_, now_)));
  const auto endless = found(token(kLast, kLast, kLast));
  ASSERT_TRUE(endless);
  EXPECT_EQ(endless->not_after, now_ + 12h);
}

}  // namespace
}  // namespace sfjwt::sharing
