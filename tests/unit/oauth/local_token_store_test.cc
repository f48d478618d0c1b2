// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/local_token_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/unit/oauth/fake_clock.h"

namespace sfjwt::oauth {
namespace {

using namespace std::chrono_literals;
using State = TokenStore::Answer::State;

constexpr auto kLease = 9'000ms;

TokenKey key(unsigned number) {
  TokenKey made{};
  made[0] = static_cast<std::uint8_t>(number & 255);
  made[1] = static_cast<std::uint8_t>(number >> 8);
  made[31] = static_cast<std::uint8_t>(number & 255);
  return made;
}

class LocalTokenStoreTest : public ::testing::Test {
 protected:
  AccessToken token(const std::string& value, std::chrono::seconds life = 3600s) {
    const UnixTime now = clock_.now();
    return AccessToken{Secret(value), "https://acme.my.salesforce.com", now, now + life, now + 12h};
  }
  void store(LocalTokenStore& into, const TokenKey& at, const std::string& value) {
    const auto answer = into.get_or_claim(at, kLease);
    ASSERT_EQ(answer.state, State::claimed);
    into.put(at, answer.claim, token(value));
  }
  State state(LocalTokenStore& of, const TokenKey& at) { return of.get_or_claim(at, kLease).state; }

  FakeClock clock_;
  LocalTokenStore store_{clock_};
  TokenError error_{TokenError::Class::subject, "invalid_grant", "no", std::nullopt};
};

TEST_F(LocalTokenStoreTest, WhatWasPutIsGivenAsItIs) {
  store(store_, key(1), "secret");
  const auto answer = store_.get_or_claim(key(1), kLease);
  ASSERT_EQ(answer.state, State::fresh);
  EXPECT_EQ(answer.token->value.reveal(), "secret");
  EXPECT_EQ(answer.token->instance_url, "https://acme.my.salesforce.com");
  EXPECT_EQ(state(store_, key(2)), State::claimed);
}

TEST_F(LocalTokenStoreTest, ATokenIsAbsentFromTheSecondItExpires) {
  store(store_, key(1), "secret");
  clock_.advance(3599s);
  EXPECT_EQ(state(store_, key(1)), State::fresh);
  clock_.advance(1s);
  EXPECT_EQ(state(store_, key(1)), State::claimed);
}

TEST_F(LocalTokenStoreTest, OneCallerClaimsTheOthersWait) {
  EXPECT_EQ(state(store_, key(1)), State::claimed);
  EXPECT_EQ(state(store_, key(1)), State::minting);
  EXPECT_EQ(state(store_, key(2)), State::claimed);
}

TEST_F(LocalTokenStoreTest, AnotherTakesOverWhenTheLeaseEndsAndTheLateOneChangesNothing) {
  const auto late = store_.get_or_claim(key(1), kLease).claim;
  clock_.advance(kLease);
  const auto second = store_.get_or_claim(key(1), kLease);
  ASSERT_EQ(second.state, State::claimed);
  store_.put(key(1), late, token("late"));
  store_.fail(key(1), late, error_, 30s);
  EXPECT_EQ(state(store_, key(1)), State::minting);
  store_.put(key(1), second.claim, token("second"));
  EXPECT_EQ(store_.get_or_claim(key(1), kLease).token->value.reveal(), "second");
  store_.put(key(1), late, token("late"));
  EXPECT_EQ(store_.get_or_claim(key(1), kLease).token->value.reveal(), "second");
}

TEST_F(LocalTokenStoreTest, AFailureIsAnsweredUntilItsTimeIsOver) {
  store_.fail(key(1), store_.get_or_claim(key(1), kLease).claim, error_, 30s);
  const auto answer = store_.get_or_claim(key(1), kLease);
  ASSERT_EQ(answer.state, State::failed);
  EXPECT_EQ(answer.error->code, "invalid_grant");
  clock_.advance(30s);
  EXPECT_EQ(state(store_, key(1)), State::claimed);
}

TEST_F(LocalTokenStoreTest, OnlyTheRejectedTokenIsDropped) {
  store(store_, key(1), "new");
  store_.drop(key(1), Secret("old"));
  store_.drop(key(1), Secret("newer"));
  store_.drop(key(2), Secret("new"));
  EXPECT_EQ(state(store_, key(1)), State::fresh);
  store_.drop(key(1), Secret("new"));
  EXPECT_EQ(state(store_, key(1)), State::claimed);
}

TEST_F(LocalTokenStoreTest, AnExpiryMovesForwardForTheSameTokenOnly) {
  store(store_, key(1), "secret");
  store_.extend(key(1), token("other"), clock_.now() + 9999s);
  store_.extend(key(1), token("secret"), clock_.now() + 10s);
  EXPECT_EQ(store_.get_or_claim(key(1), kLease).token->expires_at, clock_.now() + 3600s);
  store_.extend(key(1), token("secret"), clock_.now() + 4000s);
  EXPECT_EQ(store_.get_or_claim(key(1), kLease).token->expires_at, clock_.now() + 4000s);
}

TEST_F(LocalTokenStoreTest, TheTokenUsedLongestAgoGoesWhenThereIsNoRoom) {
  LocalTokenStore small(clock_, 2);  // one token in each of two stripes
  store(small, key(0), "a");
  store(small, key(1), "b");
  store(small, key(2), "c");
  EXPECT_EQ(state(small, key(0)), State::claimed);
  EXPECT_EQ(state(small, key(1)), State::fresh);
  EXPECT_EQ(state(small, key(2)), State::fresh);
}

TEST_F(LocalTokenStoreTest, InventedSubjectsCannotEvictAGoodToken) {
  LocalTokenStore small(clock_, 1);
  store(small, key(0), "good");
  for (unsigned number = 1; number < 2000; ++number) {
    const auto answer = small.get_or_claim(key(number), kLease);
    ASSERT_EQ(answer.state, State::claimed);
    if (number % 2 == 0) small.fail(key(number), answer.claim, error_, 30s);
  }
  EXPECT_EQ(state(small, key(0)), State::fresh);
}

TEST_F(LocalTokenStoreTest, WaitingEndsAtOnceWhenNobodyMints) {
  EXPECT_EQ(store_.wait(key(1), 1h), TokenStore::Wait::changed);
  store(store_, key(1), "secret");
  EXPECT_EQ(store_.wait(key(1), 1h), TokenStore::Wait::changed);
}

TEST_F(LocalTokenStoreTest, WaitingEndsAtItsLimit) {
  static_cast<void>(store_.get_or_claim(key(1), kLease));
  EXPECT_EQ(store_.wait(key(1), 5ms), TokenStore::Wait::timed_out);
}

TEST_F(LocalTokenStoreTest, WaitingEndsWhenTheLeaseDoes) {
  static_cast<void>(store_.get_or_claim(key(1), 5ms));
  EXPECT_EQ(store_.wait(key(1), 1h), TokenStore::Wait::changed);
}

/// Tells when a wait looks at the clock: from then on it holds the stripe's mutex until it sleeps, so
/// whatever is done to the store after that meets a sleeper.
class WatchedClock final : public Clock {
 public:
  UnixTime now() const override { return clock_.now(); }
  std::chrono::steady_clock::time_point steady() const override {
    asked_ = true;
    asked_.notify_all();
    return clock_.steady();
  }
  void forget() { asked_ = false; }
  void await_question() const { asked_.wait(false); }

 private:
  FakeClock clock_;
  mutable std::atomic<bool> asked_{false};
};

class SleepersTest : public ::testing::Test {
 protected:
  // How long somebody who sleeps goes on sleeping after the claim was ended by `end`.
  template <class End>
  std::chrono::nanoseconds sleep_after(End end) {
    const auto claim = store_.get_or_claim(key(1), 1h).claim;
    clock_.forget();
    const auto start = std::chrono::steady_clock::now();
    {
      std::jthread sleeper([&] { EXPECT_EQ(store_.wait(key(1), 20s), TokenStore::Wait::changed); });
      clock_.await_question();
      end(claim);
    }
    return std::chrono::steady_clock::now() - start;
  }

  WatchedClock clock_;
  LocalTokenStore store_{clock_};
};

TEST_F(SleepersTest, APutWakesThem) {
  EXPECT_LT(sleep_after([&](TokenStore::Claim claim) { store_.put(key(1), claim, AccessToken{}); }), 10s);
}

TEST_F(SleepersTest, AFailureWakesThem) {
  EXPECT_LT(sleep_after([&](TokenStore::Claim claim) { store_.fail(key(1), claim, TokenError{}, 30s); }),
            10s);
}

}  // namespace
}  // namespace sfjwt::oauth
