// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/token_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <latch>
#include <stdexcept>
#include <thread>

#include "mod_sfjwt/tokens/local_token_store.h"
#include "tests/unit/core/fake_clock.h"
#include "tests/unit/keys/key_files.h"
#include "tests/unit/oauth/scripted_transport.h"
#include "tests/unit/oauth/test_client.h"
#include "tests/unit/tokens/supplied.h"

namespace sfjwt::tokens {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;
using Class = oauth::TokenError::Class;
using Origin = SuppliedToken::Origin;

constexpr auto kSubject = "jane@corp.example";

keys::SigningKey test_key() {
  const keys::TemporaryFolder folder;
  return *keys::SigningKey::load(folder.file("key.pem", keys::private_pem(keys::rsa_key())));
}

class TokenSourceTest : public ::testing::Test {
 protected:
  TokenSource source(oauth::Transport& transport, const oauth::Client& of = oauth::client()) {
    return TokenSource(of, key_, store_, transport, clock_);
  }

  keys::SigningKey key_ = test_key();
  FakeClock clock_;
  LocalTokenStore store_{clock_};
  oauth::ScriptedTransport grants_{
      [](std::size_t call) { return oauth::granted("00D!token" + std::to_string(call)); }};
};

TEST_F(TokenSourceTest, TheFirstCallerFetchesAndTheNextIsGivenTheSameToken) {
  TokenSource tokens = source(grants_);
  const auto first = tokens.token_for(kSubject);
  const auto second = tokens.token_for(kSubject);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->origin, Origin::fetched);
  EXPECT_EQ(second->origin, Origin::hit);
  EXPECT_EQ(second->token.value.reveal(), "00D!token0");
  EXPECT_EQ(second->token.instance_url, "https://acme.my.salesforce.com");
  EXPECT_EQ(grants_.calls(), 1U);
}

TEST_F(TokenSourceTest, AsksTheConfiguredEndpointWithAnAssertion) {
  oauth::Client with_param = oauth::client();
  with_param.token_params = {{"so", "00D000000000001"}};
  ASSERT_TRUE(source(grants_, with_param).token_for(kSubject));
  EXPECT_EQ(grants_.url(0), "https://login.salesforce.com/services/oauth2/token");
  EXPECT_THAT(grants_.form(0), AllOf(HasSubstr("jwt-bearer&assertion=eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9."),
                                     HasSubstr("&so=00D000000000001")));
}

TEST_F(TokenSourceTest, ATokenIsNeverGivenToAnotherSubjectOrClient) {
  oauth::Client other = oauth::client();
  other.client_id = "other";
  ASSERT_TRUE(source(grants_).token_for(kSubject));
  EXPECT_EQ(source(grants_).token_for("john@corp.example")->origin, Origin::fetched);
  EXPECT_EQ(source(grants_, other).token_for(kSubject)->origin, Origin::fetched);
}

TEST_F(TokenSourceTest, NeverGivesAnExpiredTokenWhenTheFetchFails) {
  oauth::ScriptedTransport once([](std::size_t call) -> oauth::ScriptedTransport::Answer {
    if (call == 0) return oauth::granted("00D!token");
    return Unexpected{oauth::TransportError{oauth::TransportError::Cause::unreachable, "gone"}};
  });
  TokenSource tokens = source(once);
  ASSERT_TRUE(tokens.token_for(kSubject));
  clock_.advance(oauth::client().idle_lifetime);
  const auto late = tokens.token_for(kSubject);
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().error_class, Class::transient);
  EXPECT_EQ(late.error().code, "unreachable");
}

TEST_F(TokenSourceTest, ASuccessInTheFirstHalfOfTheIdleLifetimeNeedNotBeReported) {
  TokenSource tokens = source(grants_);
  EXPECT_FALSE(tokens.token_for(kSubject)->report_wanted);
  clock_.advance(27min);
  EXPECT_FALSE(tokens.token_for(kSubject)->report_wanted);
}

TEST_F(TokenSourceTest, ASuccessInTheSecondHalfMovesTheExpiryByAnIdleLifetime) {
  TokenSource tokens = source(grants_);
  ASSERT_TRUE(tokens.token_for(kSubject));
  clock_.advance(30min);
  const auto used = tokens.token_for(kSubject);
  EXPECT_TRUE(used->report_wanted);
  tokens.accepted(*used);
  clock_.advance(54min);
  EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::hit);
}

TEST_F(TokenSourceTest, AUseWithoutSuccessMovesNothing) {
  TokenSource tokens = source(grants_);
  ASSERT_TRUE(tokens.token_for(kSubject));
  clock_.advance(50min);
  ASSERT_TRUE(tokens.token_for(kSubject));
  clock_.advance(5min);
  EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::fetched);
}

TEST_F(TokenSourceTest, NoSuccessMovesTheExpiryBeyondTheAbsoluteMaximum) {
  TokenSource tokens = source(grants_);
  ASSERT_TRUE(tokens.token_for(kSubject));
  for (int use = 0; use < 16; ++use) {
    clock_.advance(40min);
    const auto used = tokens.token_for(kSubject);
    ASSERT_EQ(used->origin, Origin::hit) << use;
    tokens.accepted(*used);
  }
  clock_.advance(80min);  // twelve hours
  EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::fetched);
}

TEST_F(TokenSourceTest, AnExpiryTheServerNamesIsKept) {
  oauth::ScriptedTransport short_lived([](std::size_t) {
    return oauth::reply_of(
        200, R"({"access_token":"a","instance_url":"https://acme.my.salesforce.com","expires_in":60})");
  });
  TokenSource tokens = source(short_lived);
  ASSERT_TRUE(tokens.token_for(kSubject));
  clock_.advance(53s);
  EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::hit);
  clock_.advance(7s);
  EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::fetched);
}

TEST_F(TokenSourceTest, ALifetimeCountsFromTheQuestion) {
  oauth::ScriptedTransport slow([this](std::size_t) {
    clock_.advance(5min);
    return oauth::granted("00D!token");
  });
  const auto token = source(slow).token_for(kSubject);
  EXPECT_EQ(token->token.expires_at, clock_.now() - 5min + oauth::client().idle_lifetime);
}

TEST_F(TokenSourceTest, AFailureIsKeptForItsPause) {
  oauth::ScriptedTransport refuses(
      [](std::size_t) { return oauth::refused("invalid_grant", "user is locked"); });
  TokenSource tokens = source(refuses);
  EXPECT_FALSE(tokens.token_for(kSubject));
  clock_.advance(29s);
  EXPECT_FALSE(tokens.token_for(kSubject));
  EXPECT_EQ(refuses.calls(), 1U);
  clock_.advance(9s);  // a pause of 30 s and up to a quarter more
  EXPECT_FALSE(tokens.token_for(kSubject));
  EXPECT_EQ(refuses.calls(), 2U);
}

TEST_F(TokenSourceTest, AFailureSaysWhenTheNextRequestIsSentWhichIsTrue) {
  oauth::HttpReply busy = oauth::reply_of(503, "");
  busy.retry_after_seconds = 0;
  for (const oauth::HttpReply& reply :
       {oauth::refused("invalid_grant", "user is locked"), oauth::reply_of(503, ""), busy}) {
    oauth::ScriptedTransport refuses([&reply](std::size_t) { return reply; });
    oauth::Client other = oauth::client();
    other.client_id = std::to_string(reply.status) + std::to_string(reply.retry_after_seconds.value_or(1));
    TokenSource tokens = source(refuses, other);
    for (const auto passed : {0ms, 1ms, 999ms}) {
      const long first = tokens.token_for(kSubject).error().retry_after_seconds.value_or(0);
      const auto calls = refuses.calls();
      clock_.advance(passed);
      const long later = tokens.token_for(kSubject).error().retry_after_seconds.value_or(0);
      EXPECT_GE(later, 1);
      EXPECT_LE(later, first);
      clock_.advance(std::chrono::seconds(later) - 1s);
      EXPECT_EQ(tokens.token_for(kSubject).error().retry_after_seconds, 1);
      EXPECT_EQ(refuses.calls(), calls);
      clock_.advance(1s);
      EXPECT_FALSE(tokens.token_for(kSubject));
      EXPECT_GT(refuses.calls(), calls);
      clock_.advance(400s);
    }
  }
}

TEST_F(TokenSourceTest, AFailureThatIsRememberedSaysSo) {
  oauth::ScriptedTransport refuses(
      [](std::size_t) { return oauth::refused("invalid_grant", "user is locked"); });
  TokenSource tokens = source(refuses);
  const std::string first = tokens.token_for(kSubject).error().message;
  EXPECT_THAT(first, Not(HasSubstr("remembered")));
  const oauth::TokenError at_once = tokens.token_for(kSubject).error();
  EXPECT_EQ(at_once.message, first +
                                 " This failure happened a moment ago and is remembered: no token is "
                                 "requested for this user for another " +
                                 std::to_string(*at_once.retry_after_seconds) +
                                 " s, or until httpd restarts (apachectl graceful is enough).");
  clock_.advance(12s);
  EXPECT_THAT(tokens.token_for(kSubject).error().message, HasSubstr("happened 12 s ago and is remembered"));
}

TEST_F(TokenSourceTest, WhatTheServerHasAskedForIsNotSaidToEndWithARestart) {
  oauth::HttpReply busy = oauth::reply_of(429, "");
  busy.retry_after_seconds = 60;
  oauth::ScriptedTransport refuses([&busy](std::size_t) { return busy; });
  TokenSource tokens = source(refuses);
  static_cast<void>(tokens.token_for(kSubject));
  EXPECT_THAT(tokens.token_for(kSubject).error().message,
              AllOf(HasSubstr("is remembered"), Not(HasSubstr("graceful"))));
}

TEST_F(TokenSourceTest, TellsHowLongTheServerTook) {
  oauth::ScriptedTransport slow([this](std::size_t call) {
    clock_.advance(120ms);
    return oauth::granted("00D!token" + std::to_string(call));
  });
  TokenSource tokens = source(slow);
  EXPECT_EQ(tokens.token_for(kSubject)->took, 120ms);
  const auto hit = tokens.token_for(kSubject);
  EXPECT_EQ(hit->took, 0ms);
  EXPECT_EQ(tokens.renew(kSubject, *hit)->took, 120ms);
}

TEST_F(TokenSourceTest, AnOutageThatLastsIsAskedAboutMoreAndMoreSeldom) {
  oauth::ScriptedTransport down([](std::size_t) { return oauth::reply_of(503, "<html>"); });
  TokenSource tokens = source(down);
  for (int second = 0; second < 120; ++second) {
    EXPECT_FALSE(tokens.token_for(kSubject));
    clock_.advance(1s);
  }
  EXPECT_GE(down.calls(), 2 * 5U);  // each is repeated once
  EXPECT_LE(down.calls(), 2 * 7U);
}

TEST_F(TokenSourceTest, RetryAfterIsHeededWithinBounds) {
  oauth::HttpReply busy = oauth::reply_of(429, "");
  busy.retry_after_seconds = 86'400;
  oauth::ScriptedTransport refuses([&busy](std::size_t) { return busy; });
  TokenSource tokens = source(refuses);
  EXPECT_THAT(tokens.token_for(kSubject).error().retry_after_seconds.value_or(0), AllOf(Ge(300), Le(375)));
  clock_.advance(299s);
  EXPECT_FALSE(tokens.token_for(kSubject));
  EXPECT_EQ(refuses.calls(), 1U);
  clock_.advance(77s);
  EXPECT_FALSE(tokens.token_for(kSubject));
  EXPECT_EQ(refuses.calls(), 2U);
}

TEST_F(TokenSourceTest, AFailureOfOneSubjectIsNotAnothers) {
  oauth::ScriptedTransport refuses_first([](std::size_t call) {
    return call == 0 ? oauth::refused("invalid_grant", "user is locked") : oauth::granted("00D!token");
  });
  TokenSource tokens = source(refuses_first);
  EXPECT_FALSE(tokens.token_for(kSubject));
  EXPECT_TRUE(tokens.token_for("john@corp.example"));
}

TEST_F(TokenSourceTest, TransportErrorsKeepTheirKind) {
  using Cause = oauth::TransportError::Cause;
  const std::pair<Cause, const char*> kinds[] = {{Cause::unreachable, "unreachable"},
                                                 {Cause::timed_out, "timed_out"},
                                                 {Cause::tls, "tls"},
                                                 {Cause::too_large, "too_large"},
                                                 {Cause::protocol, "protocol"}};
  for (const auto& [cause, code] : kinds) {
    LocalTokenStore store(clock_);
    oauth::ScriptedTransport fails([cause = cause](std::size_t) -> oauth::ScriptedTransport::Answer {
      return Unexpected{oauth::TransportError{cause, "why"}};
    });
    const auto result = TokenSource(oauth::client(), key_, store, fails, clock_).token_for(kSubject);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, code);
    EXPECT_EQ(result.error().message, "why");
  }
}

TEST_F(TokenSourceTest, ASubjectThatIsNotUtf8IsNotAskedFor) {
  const auto result = source(grants_).token_for("m\xFCller@corp.example");
  EXPECT_EQ(result.error().code, "no_assertion");
  EXPECT_EQ(grants_.calls(), 0U);
}

TEST_F(TokenSourceTest, AnExceptionEndsTheClaim) {
  oauth::ScriptedTransport throws_once([](std::size_t call) -> oauth::ScriptedTransport::Answer {
    if (call == 0) throw std::runtime_error("broken");
    return oauth::granted("00D!token");
  });
  TokenSource tokens = source(throws_once);
  EXPECT_THROW(static_cast<void>(tokens.token_for(kSubject)), std::runtime_error);
  EXPECT_EQ(tokens.token_for(kSubject).error().code, "internal");
  clock_.advance(2s);
  EXPECT_TRUE(tokens.token_for(kSubject));
}

TEST_F(TokenSourceTest, WhoeverWaitsTakesOverFromAFetchThatDied) {
  const SystemClock clock{};
  LocalTokenStore store(clock);
  oauth::Client impatient = oauth::client();
  impatient.claim_lease = 20ms;
  TokenSource tokens(impatient, key_, store, grants_, clock);
  static_cast<void>(
      store.get_or_claim(TokenKeys(impatient).of(kSubject), 20ms, nullptr));  // and never heard of again
  EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::fetched);
}

TEST_F(TokenSourceTest, NobodyWaitsBeyondTheLimit) {
  const SystemClock clock{};
  LocalTokenStore store(clock);
  oauth::Client impatient = oauth::client();
  impatient.wait_limit = 20ms;
  TokenSource tokens(impatient, key_, store, grants_, clock);
  static_cast<void>(store.get_or_claim(TokenKeys(impatient).of(kSubject), 1h, nullptr));
  const auto start = clock.steady();
  const auto result = tokens.token_for(kSubject);
  EXPECT_EQ(result.error().code, "busy");
  EXPECT_EQ(result.error().error_class, Class::transient);
  EXPECT_LT(clock.steady() - start, 5s);
}

/// A store that gives what has expired, as one on another machine could.
class StaleStore final : public TokenStore {
 public:
  explicit StaleStore(AccessToken token) : token_(std::move(token)) {}
  Answer get_or_claim(const TokenKey&, std::chrono::milliseconds, const Secret*) override {
    return Fresh{token_};
  }
  Put put(const TokenKey&, Claim, const AccessToken&) override { return Put::kept; }
  void fail(const TokenKey&, Claim, const oauth::TokenError&, std::chrono::seconds) override {}
  bool update(const TokenKey&, const AccessToken&) override { return true; }
  void rejected_again(const TokenKey&, const Secret&) override {}
  Wait wait(const TokenKey&, std::chrono::milliseconds) override { return Wait::changed; }

 private:
  AccessToken token_;
};

TEST_F(TokenSourceTest, NeverGivesAnExpiredTokenWhateverTheStoreSays) {
  const UnixTime now = clock_.now();
  StaleStore stale(AccessToken{Secret("old"), "https://acme.my.salesforce.com", now - 1h, now, now});
  EXPECT_FALSE(TokenSource(oauth::client(), key_, stale, grants_, clock_).token_for(kSubject));
}

class RenewalTest : public TokenSourceTest {
 protected:
  SuppliedToken first(TokenSource& tokens) { return *tokens.token_for(kSubject); }

  oauth::ScriptedTransport same_{[](std::size_t) { return oauth::granted("00D!same"); }};
};

TEST_F(RenewalTest, ARejectedTokenIsReplacedByANewOneThatEverybodyIsGiven) {
  TokenSource tokens = source(grants_);
  const auto renewed = tokens.renew(kSubject, first(tokens));
  ASSERT_TRUE(renewed);
  EXPECT_EQ(renewed->origin, Origin::renewed);
  EXPECT_EQ(renewed->token.value.reveal(), "00D!token1");
  EXPECT_EQ(tokens.token_for(kSubject)->token.value.reveal(), "00D!token1");
}

TEST_F(RenewalTest, WhoComesLateIsGivenTheTokenThatIsThereAlready) {
  TokenSource tokens = source(grants_);
  const SuppliedToken dead = first(tokens);
  ASSERT_TRUE(tokens.renew(kSubject, dead));
  const auto late = tokens.renew(kSubject, dead);
  EXPECT_EQ(late->origin, Origin::hit);
  EXPECT_EQ(late->token.value.reveal(), "00D!token1");
  EXPECT_EQ(grants_.calls(), 2U);
}

TEST_F(RenewalTest, WithNothingCachedItIsAskedFor) {
  EXPECT_EQ(source(grants_).renew(kSubject, supplied_before("00D!of-old", kSubject))->origin,
            Origin::renewed);
}

TEST_F(RenewalTest, AFailureIsToldToWhoSawTheRejectionAndOthersAreGivenTheOldToken) {
  oauth::ScriptedTransport once([](std::size_t call) -> oauth::ScriptedTransport::Answer {
    if (call == 0) return oauth::granted("00D!token");
    return Unexpected{oauth::TransportError{oauth::TransportError::Cause::unreachable, "gone"}};
  });
  TokenSource tokens = source(once);
  EXPECT_EQ(tokens.renew(kSubject, first(tokens)).error().code, "unreachable");
  EXPECT_EQ(tokens.renew(kSubject, first(tokens)).error().code, "unreachable");
  EXPECT_EQ(tokens.token_for(kSubject)->token.value.reveal(), "00D!token");
  EXPECT_EQ(once.calls(), 3U);  // the second was repeated
}

TEST_F(RenewalTest, ARenewedTokenRejectedBeforeItsFirstSuccessPausesRenewal) {
  TokenSource tokens = source(grants_);
  const SuppliedToken renewed = *tokens.renew(kSubject, first(tokens));
  const auto again = tokens.renew(kSubject, renewed);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, oauth::kRenewalPaused);
  EXPECT_EQ(again.error().error_class, Class::transient);
  EXPECT_EQ(grants_.calls(), 2U);
  EXPECT_EQ(tokens.token_for(kSubject)->token.value, renewed.token.value);
}

TEST_F(RenewalTest, TheSameTokenGrantedAgainPausesRenewal) {
  TokenSource tokens = source(same_);
  const SuppliedToken dead = first(tokens);
  EXPECT_EQ(tokens.renew(kSubject, dead).error().code, oauth::kRenewalPaused);
  EXPECT_EQ(tokens.renew(kSubject, dead).error().code, oauth::kRenewalPaused);
  EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::hit);
  EXPECT_EQ(same_.calls(), 2U);
}

TEST_F(RenewalTest, AfterThePauseOfTwoSecondsOneRenewalIsTried) {
  for (oauth::ScriptedTransport* transport : {&grants_, &same_}) {
    LocalTokenStore store(clock_);
    TokenSource tokens(oauth::client(), key_, store, *transport, clock_);
    static_cast<void>(tokens.renew(kSubject, first(tokens)));
    static_cast<void>(tokens.renew(kSubject, first(tokens)));
    clock_.advance(RenewalHistory::kFirstPause - 1s);
    EXPECT_EQ(tokens.renew(kSubject, first(tokens)).error().code, oauth::kRenewalPaused);
    clock_.advance(1s);
    const std::size_t before = transport->calls();
    static_cast<void>(tokens.renew(kSubject, first(tokens)));
    EXPECT_FALSE(tokens.renew(kSubject, first(tokens)));
    EXPECT_EQ(transport->calls(), before + 1);
  }
}

TEST_F(RenewalTest, ARenewedTokenThatWasAcceptedIsRenewedLikeAnyOther) {
  TokenSource tokens = source(grants_);
  const auto renewed = tokens.renew(kSubject, first(tokens));
  EXPECT_TRUE(renewed->report_wanted);
  EXPECT_TRUE(tokens.token_for(kSubject)->report_wanted);
  tokens.accepted(*renewed);
  EXPECT_FALSE(tokens.token_for(kSubject)->report_wanted);
  EXPECT_EQ(tokens.renew(kSubject, *renewed)->origin, Origin::renewed);
}

TEST_F(RenewalTest, AnAcceptedTokenDoesNotEndThePauseSoThatOneBadRequestDoesNotRenewAllTheTime) {
  TokenSource tokens = source(same_);
  const SuppliedToken token = first(tokens);
  static_cast<void>(tokens.renew(kSubject, token));
  tokens.accepted(token);
  static_cast<void>(tokens.renew(kSubject, token));
  EXPECT_EQ(same_.calls(), 2U);
}

TEST_F(RenewalTest, UnprovenTokensThatAreRejectedPauseRenewalForLongerEachTime) {
  TokenSource tokens = source(grants_);
  for (const std::chrono::seconds pause : {2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    const auto renewed = tokens.renew(kSubject, first(tokens));
    ASSERT_TRUE(renewed);
    tokens.rejected_again(*renewed);
    clock_.advance(pause - 1s);
    EXPECT_EQ(tokens.renew(kSubject, first(tokens)).error().code, oauth::kRenewalPaused);
    clock_.advance(1s);
  }
}

// A request that is always rejected, and a good one after it, a hundred times in ten seconds.
TEST_F(RenewalTest, ARequestThatIsAlwaysRejectedCostsFewRenewalsWhileOthersAreServed) {
  TokenSource tokens = source(grants_);
  for (int round = 0; round < 100; ++round) {
    const auto renewed = tokens.renew(kSubject, first(tokens));
    if (renewed) tokens.rejected_again(*renewed);
    const auto good = tokens.token_for(kSubject);
    ASSERT_TRUE(good);
    tokens.accepted(*good);
    if (round % 10 == 9) clock_.advance(1s);
  }
  EXPECT_LE(grants_.calls(), 1 + 3U);
}

TEST_F(RenewalTest, RenewalsOfOneSubjectAreLimitedAlsoWhenEachOfThemSucceeds) {
  TokenSource tokens = source(grants_);
  const auto renew_often = [&] {
    for (int round = 0; round < 100; ++round) {
      const auto renewed = tokens.renew(kSubject, first(tokens));
      if (renewed) tokens.accepted(*renewed);
    }
  };
  renew_often();
  EXPECT_EQ(grants_.calls(), 1 + std::size_t{RenewalHistory::kBurst});
  clock_.advance(RenewalHistory::kInterval);
  renew_often();
  EXPECT_EQ(grants_.calls(), 1 + std::size_t{RenewalHistory::kBurst} + 1);
  EXPECT_TRUE(tokens.token_for("joe@corp.example"));
}

TEST_F(RenewalTest, WhileTheServerGrantsNothingABadRequestIsTriedAgainAfterEachPauseOnlyAndOthersGoOn) {
  oauth::ScriptedTransport once([](std::size_t call) {
    return call == 0 ? oauth::granted("00D!token") : oauth::refused("invalid_grant", "user is locked");
  });
  TokenSource tokens = source(once);
  for (int round = 0; round < 100; ++round) {
    EXPECT_FALSE(tokens.renew(kSubject, first(tokens)));
    EXPECT_TRUE(tokens.token_for(kSubject));
    if (round % 10 == 9) clock_.advance(1s);
  }
  EXPECT_EQ(once.calls(), 2U);
}

TEST_F(RenewalTest, OthersAreGivenTheOldTokenWhileItIsRenewed) {
  TokenSource* others = nullptr;
  std::string given;
  oauth::ScriptedTransport meanwhile([&](std::size_t call) {
    if (call == 1) given = others->token_for(kSubject)->token.value.reveal();
    return oauth::granted("00D!token" + std::to_string(call));
  });
  TokenSource tokens = source(meanwhile);
  others = &tokens;
  EXPECT_TRUE(tokens.renew(kSubject, first(tokens)));
  EXPECT_EQ(given, "00D!token0");
}

class TokenSourceThreads : public TokenSourceTest {
 protected:
  // Every thread asks once, all at the same moment.
  template <class Ask>
  static void all_at_once(int count, Ask ask) {
    std::barrier start(count);
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        ask(i);
      });
    }
  }

  const SystemClock system_clock_{};
  LocalTokenStore shared_{system_clock_};
};

TEST_F(TokenSourceThreads, OneSubjectIsOneRequestHoweverManyAsk) {
  TokenSource tokens(oauth::client(), key_, shared_, grants_, system_clock_);
  std::atomic<int> same{0};
  all_at_once(64, [&](int) {
    const auto token = tokens.token_for(kSubject);
    if (token && token->token.value.reveal() == "00D!token0") ++same;
  });
  EXPECT_EQ(same, 64);
  EXPECT_EQ(grants_.calls(), 1U);
}

TEST_F(TokenSourceThreads, FiftySubjectsAreFiftyRequests) {
  TokenSource tokens(oauth::client(), key_, shared_, grants_, system_clock_);
  std::atomic<int> given{0};
  all_at_once(64, [&](int thread) {
    for (int i = 0; i < 50; ++i) {
      const int who = (thread + i) % 50;
      if (tokens.token_for("user" + std::to_string(who) + "@corp.example")) ++given;
    }
  });
  EXPECT_EQ(given, 64 * 50);
  EXPECT_EQ(grants_.calls(), 50U);
}

TEST_F(TokenSourceThreads, AFailureReachesEveryoneWhoWaitsByOneRequest) {
  oauth::ScriptedTransport refuses(
      [](std::size_t) { return oauth::refused("invalid_grant", "user is locked"); });
  TokenSource tokens(oauth::client(), key_, shared_, refuses, system_clock_);
  std::atomic<int> told{0};
  all_at_once(64, [&](int) {
    const auto token = tokens.token_for(kSubject);
    if (!token && token.error().code == "invalid_grant") ++told;
  });
  EXPECT_EQ(told, 64);
  EXPECT_EQ(refuses.calls(), 1U);
}

TEST_F(TokenSourceThreads, TheStoreIsFreeWhileOneSubjectIsFetched) {
  std::latch other_done(1);
  oauth::ScriptedTransport first_waits([&](std::size_t call) {
    if (call == 0) other_done.wait();
    return oauth::granted("00D!token" + std::to_string(call));
  });
  TokenSource tokens(oauth::client(), key_, shared_, first_waits, system_clock_);
  std::jthread slow([&] { EXPECT_TRUE(tokens.token_for(kSubject)); });
  while (first_waits.calls() == 0) std::this_thread::yield();
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(tokens.token_for("user" + std::to_string(i) + "@corp.example"));
  other_done.count_down();
}

TEST_F(TokenSourceThreads, OneDeadTokenIsOneRequestHoweverManyHoldIt) {
  TokenSource tokens(oauth::client(), key_, shared_, grants_, system_clock_);
  const SuppliedToken dead = *tokens.token_for(kSubject);
  std::atomic<int> renewed{0};
  all_at_once(64, [&](int) {
    const auto token = tokens.renew(kSubject, dead);
    if (token && token->token.value.reveal() == "00D!token1") ++renewed;
  });
  EXPECT_EQ(renewed, 64);
  EXPECT_EQ(grants_.calls(), 2U);
}

TEST_F(TokenSourceThreads, TheSameTokenGrantedAgainIsOneRequestHoweverManyHoldIt) {
  oauth::ScriptedTransport same([](std::size_t) { return oauth::granted("00D!same"); });
  TokenSource tokens(oauth::client(), key_, shared_, same, system_clock_);
  const SuppliedToken dead = *tokens.token_for(kSubject);
  std::atomic<int> paused{0};
  all_at_once(64, [&](int) {
    if (tokens.renew(kSubject, dead).error().code == oauth::kRenewalPaused) ++paused;
  });
  EXPECT_EQ(paused, 64);
  EXPECT_EQ(same.calls(), 2U);
}

}  // namespace
}  // namespace sfjwt::tokens
