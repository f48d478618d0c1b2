// SPDX-License-Identifier: Apache-2.0
// What happens before a token expires, and when the authorization server is in trouble.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <list>
#include <thread>

#include "mod_sfjwt/core/base64url.h"
#include "mod_sfjwt/tokens/local_token_store.h"
#include "mod_sfjwt/tokens/token_source.h"
#include "tests/unit/core/fake_clock.h"
#include "tests/unit/keys/key_files.h"
#include "tests/unit/oauth/scripted_transport.h"
#include "tests/unit/oauth/test_client.h"

namespace sfjwt::tokens {
namespace {

using namespace std::chrono_literals;
using Origin = SuppliedToken::Origin;

constexpr auto kSubject = "jane@corp.example";

std::string user(int number) {
  return std::to_string(number) + kSubject;
}

class Throttled : public ::testing::Test {
 protected:
  static keys::SigningKey test_key() {
    const keys::TemporaryFolder folder;
    return *keys::SigningKey::load(folder.file("key.pem", keys::private_pem(keys::rsa_key())));
  }
  TokenSource source(oauth::Transport& transport, const oauth::Client& of = oauth::client()) {
    return TokenSource(of, keys::SigningKeys{key_}, store_, transport, clock_, nullptr,
                       {&room_, store_.throttle_for(of.client_id)});
  }

  keys::SigningKey key_ = test_key();
  FakeClock clock_;
  LocalTokenStore store_{clock_};
  BlockedThreadLimit room_;
  oauth::ScriptedTransport grants_{
      [](std::size_t call) { return oauth::granted("00D!token" + std::to_string(call)); }};
};

class EarlyRenewal : public Throttled {
 protected:
  // A client whose tokens are not idle before they are old.
  static oauth::Client patient() {
    oauth::Client made = oauth::client();
    made.idle_lifetime = made.absolute_lifetime;
    return made;
  }
};

TEST_F(EarlyRenewal, ComesInTheLastTenthOfATokensLife) {
  TokenSource tokens = source(grants_, patient());
  ASSERT_TRUE(tokens.token_for(kSubject));
  clock_.advance(patient().absolute_lifetime * 9 / 10 - 1s);
  EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::hit);
  clock_.advance(patient().absolute_lifetime / 20 + 1s);
  const auto renewed = tokens.token_for(kSubject);
  EXPECT_EQ(renewed->origin, Origin::fetched);
  EXPECT_EQ(renewed->token.value.reveal(), "00D!token1");
  EXPECT_EQ(tokens.token_for(kSubject)->token.value.reveal(), "00D!token1");
}

TEST_F(EarlyRenewal, ComesAtOtherMomentsForOtherSubjects) {
  TokenSource tokens = source(grants_, patient());
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(tokens.token_for(user(i)));
  clock_.advance(patient().absolute_lifetime * 37 / 40);
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(tokens.token_for(user(i)));
  EXPECT_GT(grants_.calls(), 40U + 8U);
  EXPECT_LT(grants_.calls(), 40U + 32U);
}

TEST_F(EarlyRenewal, HappensOnceWhileTheOthersAreGivenTheOldToken) {
  std::latch others_done(1);
  oauth::ScriptedTransport second_waits([&](std::size_t call) {
    if (call == 1) others_done.wait();
    return oauth::granted("00D!token" + std::to_string(call));
  });
  TokenSource tokens = source(second_waits, patient());
  ASSERT_TRUE(tokens.token_for(kSubject));
  clock_.advance(patient().absolute_lifetime * 19 / 20);
  std::jthread renewing([&] { EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::fetched); });
  while (second_waits.calls() < 2) std::this_thread::yield();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(tokens.token_for(kSubject)->token.value.reveal(), "00D!token0");
  others_done.count_down();
}

TEST_F(EarlyRenewal, TheSameTokenAgainLivesLonger) {
  oauth::ScriptedTransport same([](std::size_t) { return oauth::granted("00D!same"); });
  TokenSource tokens = source(same, patient());
  const auto first = tokens.token_for(kSubject);
  clock_.advance(patient().absolute_lifetime * 19 / 20);
  ASSERT_TRUE(tokens.token_for(kSubject));
  const auto later = tokens.token_for(kSubject);
  EXPECT_EQ(later->origin, Origin::hit);
  EXPECT_EQ(later->token.not_after, first->token.not_after + patient().absolute_lifetime * 19 / 20);
}

TEST_F(EarlyRenewal, WhenItFailsTheOldTokenServesAndItIsTriedAgainAMinuteLater) {
  oauth::ScriptedTransport once([](std::size_t call) -> oauth::ScriptedTransport::Answer {
    if (call == 0) return oauth::granted("00D!token");
    return Unexpected{oauth::TransportError{oauth::TransportError::Cause::unreachable, "gone"}};
  });
  TokenSource tokens = source(once, patient());
  ASSERT_TRUE(tokens.token_for(kSubject));
  clock_.advance(patient().absolute_lifetime * 19 / 20);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::hit);
  EXPECT_EQ(once.calls(), 1 + 2U);  // repeated once
  clock_.advance(90s);
  EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::hit);
  EXPECT_EQ(once.calls(), 1 + 4U);
}

TEST_F(EarlyRenewal, ARejectionMeanwhileWaitsForIt) {
  std::latch rejected(1);
  oauth::ScriptedTransport second_waits([&](std::size_t call) {
    if (call == 1) rejected.wait();
    return oauth::granted("00D!token" + std::to_string(call));
  });
  TokenSource tokens = source(second_waits, patient());
  const SuppliedToken old = *tokens.token_for(kSubject);
  clock_.advance(patient().absolute_lifetime * 19 / 20);
  std::jthread renewing([&] { static_cast<void>(tokens.token_for(kSubject)); });
  while (second_waits.calls() < 2) std::this_thread::yield();
  std::jthread release([&] { rejected.count_down(); });
  EXPECT_EQ(tokens.renew(kSubject, old)->token.value.reveal(), "00D!token1");
  EXPECT_EQ(second_waits.calls(), 2U);
}

class Trouble : public Throttled {
 protected:
  // As many threads as asked for are in a token request that does not end before release().
  void occupy(TokenSource& tokens, int threads) {
    for (int i = 0; i < threads; ++i)
      blocked_.emplace_back([&tokens, i] { static_cast<void>(tokens.token_for(user(i))); });
    while (slow_.calls() < static_cast<std::size_t>(threads)) std::this_thread::yield();
  }
  void release() {
    released_.count_down();
    blocked_.clear();
  }

  std::latch released_{1};
  oauth::ScriptedTransport slow_{[this](std::size_t) {
    released_.wait();
    return oauth::granted("00D!token");
  }};
  std::list<std::jthread> blocked_;
};

TEST_F(Trouble, ASlowRequestLeavesHalfOfTheThreadsFree) {
  room_.set_threads(8);
  TokenSource tokens = source(slow_);
  occupy(tokens, 4);
  clock_.advance(2s);
  const auto answer = tokens.token_for(kSubject);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, kOverloaded);
  EXPECT_EQ(tokens.token_for(user(0)).error().code, kOverloaded);
  release();
  EXPECT_TRUE(tokens.token_for(kSubject));
}

TEST_F(Trouble, ARequestThatIsNotSlowYetKeepsNobodyOut) {
  room_.set_threads(8);
  TokenSource tokens = source(slow_);
  occupy(tokens, 4);
  clock_.advance(1999ms);
  std::jthread fifth([&] { EXPECT_TRUE(tokens.token_for(kSubject)); });
  while (slow_.calls() < 5) std::this_thread::yield();
  release();
}

TEST_F(Trouble, ATokenThatIsThereIsGivenHoweverManyWait) {
  room_.set_threads(2);
  TokenSource tokens = source(slow_);
  ASSERT_TRUE(source(grants_).token_for(kSubject));
  occupy(tokens, 2);
  clock_.advance(2s);
  EXPECT_EQ(tokens.token_for(kSubject)->origin, Origin::hit);
  release();
}

TEST_F(Trouble, WhoIsKeptOutLeavesNoClaimBehind) {
  room_.set_threads(2);
  TokenSource tokens = source(slow_);
  occupy(tokens, 1);
  clock_.advance(2s);
  ASSERT_FALSE(tokens.token_for(kSubject));
  EXPECT_TRUE(source(grants_).token_for(kSubject));
  release();
}

TEST_F(Trouble, ThoseWhoWaitWhenItBeginsLeaveButForHalf) {
  const SystemClock real;
  LocalTokenStore store(real);
  room_.set_threads(8);
  TokenSource tokens(oauth::client(), keys::SigningKeys{key_}, store, slow_, real, nullptr, {&room_, {}});
  std::atomic<int> sent_away{0};
  std::list<std::jthread> waiting;
  for (int i = 0; i < 7; ++i) {
    waiting.emplace_back([&] {
      const auto token = tokens.token_for(kSubject);
      if (!token && token.error().code == kOverloaded) ++sent_away;
    });
  }
  for (int look = 0; look < 10'000 && sent_away < 3; ++look) std::this_thread::sleep_for(1ms);
  release();
  waiting.clear();
  EXPECT_EQ(sent_away, 3);
  EXPECT_EQ(slow_.calls(), 1U);
}

// An attacker invents subjects; those of other callers exist. The clock advances by 5 ms with each request of
// the attacker, whose requests do not wait for each other.
class Attack : public Throttled {
 protected:
  Attack() { clock_.sleep_moves_it(false); }

  static CallerIdentity caller(std::string_view name) {
    return {"gw.corp.example", "/services/Soap/", name, ""};
  }
  static CallerIdentity address(const std::string& text) {
    return {"gw.corp.example", "/services/Soap/", "", text};
  }
  static bool is_invented(const std::string& form) {
    const auto begin = form.find('.') + 1;
    const auto claims = base64url_decoded(form.substr(begin, form.find('.', begin) - begin));
    return claims && claims->find("invented") != std::string::npos;
  }
  void attack(TokenSource& tokens, const CallerIdentity& who, int requests) {
    for (int i = 0; i < requests; ++i) {
      clock_.advance(5ms);
      static_cast<void>(tokens.token_for("invented" + std::to_string(invented_++) + "@corp.example", who));
    }
  }
  std::size_t sent_for_the_attacker() const { return refused_; }

  int invented_ = 0;
  std::atomic<std::size_t> refused_{0};
  oauth::ScriptedTransport server_{[this](std::size_t call) -> oauth::ScriptedTransport::Answer {
    if (!is_invented(server_.form(call))) return oauth::granted("00D!token" + std::to_string(call));
    ++refused_;
    return oauth::refused("invalid_grant", "user hasn't approved this consumer");
  }};
};

TEST_F(Attack, AtMostFiveRequestsASecondAreSentForOneCaller) {
  TokenSource tokens = source(server_);
  const auto begin = clock_.steady();
  attack(tokens, caller("mallory"), 2000);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(clock_.steady() - begin).count();
  EXPECT_GE(seconds, 10);
  EXPECT_LE(sent_for_the_attacker(), 5 * static_cast<std::size_t>(seconds));
}

TEST_F(Attack, NewUsersOfOtherCallersAreServedMeanwhile) {
  TokenSource tokens = source(server_);
  attack(tokens, caller("mallory"), 200);
  for (int i = 0; i < 20; ++i) {
    attack(tokens, caller("mallory"), 20);
    const auto slept = clock_.slept();
    EXPECT_TRUE(tokens.token_for(user(i), caller("billing"))) << i;
    EXPECT_EQ(clock_.slept(), slept);
  }
}

TEST_F(Attack, TheSameCallerInAnotherSectionIsAnother) {
  TokenSource tokens = source(server_);
  attack(tokens, caller("mallory"), 200);
  CallerIdentity elsewhere = caller("mallory");
  elsewhere.location = "/other/";
  const auto slept = clock_.slept();
  EXPECT_TRUE(tokens.token_for(kSubject, elsewhere));
  EXPECT_EQ(clock_.slept(), slept);
}

TEST_F(Attack, UsersWhoseTokenHasExpiredAreServedEvenToTheAttackersCaller) {
  TokenSource tokens = source(server_);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(tokens.token_for(user(i), caller("mallory")));
  clock_.advance(oauth::client().idle_lifetime);
  attack(tokens, caller("mallory"), 200);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(tokens.token_for(user(i), caller("mallory"))->origin, Origin::fetched);
}

TEST_F(Attack, AUserWhoseTokenHasExpiredAndWhoseRequestFailedOnceIsServed) {
  bool down = false;
  oauth::ScriptedTransport sometimes([&](std::size_t) -> oauth::ScriptedTransport::Answer {
    if (down) return Unexpected{oauth::TransportError{oauth::TransportError::Cause::timed_out, "slow"}};
    return oauth::granted("00D!token");
  });
  TokenSource before = source(sometimes);
  ASSERT_TRUE(before.token_for(kSubject, caller("mallory")));
  clock_.advance(oauth::client().idle_lifetime);
  down = true;
  EXPECT_FALSE(before.token_for(kSubject, caller("mallory")));
  clock_.advance(10s);
  TokenSource tokens = source(server_);
  attack(tokens, caller("mallory"), 200);
  EXPECT_TRUE(tokens.token_for(kSubject, caller("mallory")));
}

TEST_F(Attack, ARequestThatIsNotSentIsNotRememberedForOthersWhoAskForTheSameUser) {
  TokenSource tokens = source(server_);
  attack(tokens, caller("mallory"), 20);
  const auto refused = tokens.token_for(kSubject, caller("mallory"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, kThrottled);
  EXPECT_EQ(refused.error().cause, oauth::FetchFailure::caller_throttled);
  EXPECT_EQ(refused.error().retry_after_seconds, 1);
  EXPECT_TRUE(tokens.token_for(kSubject, caller("billing")));
}

TEST_F(Attack, AnApplicationWithManyUnapprovedUsersIsToldSoOfEachAndItsOthersAreServed) {
  clock_.sleep_moves_it(true);
  TokenSource tokens = source(server_);
  const auto subject = [](int i) { return "invented" + std::to_string(i) + "@corp.example"; };
  for (int i = 0; i < 60; ++i)
    EXPECT_EQ(tokens.token_for(subject(i), caller("billing")).error().code, "invalid_grant");
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(tokens.token_for(user(i), caller("billing"))) << i;
  EXPECT_EQ(sent_for_the_attacker(), 60U);
}

TEST_F(Attack, FromManyAddressesFiveRequestsASecondAreSent) {
  TokenSource tokens = source(server_);
  const auto begin = clock_.steady();
  for (int i = 0; i < 4000; ++i) {
    attack(tokens, address("10.0." + std::to_string(i / 250 % 250) + "." + std::to_string(i % 250)), 1);
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(clock_.steady() - begin).count();
  EXPECT_LE(sent_for_the_attacker(), 20 + 5 * static_cast<std::size_t>(seconds));
}

TEST_F(Attack, FromManyAddressesUsersWhoHadATokenAreServedAndOfNewOnesSome) {
  TokenSource tokens = source(server_);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(tokens.token_for(user(i), caller("billing")));
  clock_.advance(oauth::client().idle_lifetime);
  int old_ones = 0, new_ones = 0, next = 0;
  for (int round = 0; round < 800; ++round) {
    for (int i = 0; i < 4; ++i, ++next)
      attack(tokens, address("10." + std::to_string(next / 250) + "." + std::to_string(next % 250) + ".1"),
             1);
    if (round < 20) old_ones += tokens.token_for(user(round), caller("billing")).has_value();
    new_ones += tokens.token_for("new" + user(round), address("192.0.2.1")).has_value();
  }
  EXPECT_EQ(old_ones, 20);
  EXPECT_GE(new_ones, 1);
}

TEST_F(Attack, ARejectedTokenIsRenewedWhateverSubjectsAreInvented) {
  TokenSource tokens = source(server_);
  const SuppliedToken dead = *tokens.token_for(kSubject, caller("mallory"));
  attack(tokens, caller("mallory"), 1000);
  EXPECT_TRUE(tokens.renew(kSubject, dead));
}

}  // namespace
}  // namespace sfjwt::tokens
