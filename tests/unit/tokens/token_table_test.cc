// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/token_table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "mod_sfjwt/tokens/local_token_store.h"
#include "tests/unit/core/fake_clock.h"
#include "tests/unit/tokens/answers.h"

namespace sfjwt::tokens {
namespace {

using namespace std::chrono_literals;
using Put = TokenStore::Put;

constexpr auto kLease = 9'000ms;

constexpr TokenTable::Shape kOneSet{1, 480};  // one set, for all keys the same

TokenKey key(unsigned number) {
  TokenKey made{};
  made[16] = made[30] = static_cast<std::uint8_t>(number & 255);
  made[17] = made[31] = static_cast<std::uint8_t>(number >> 8);
  return made;
}

class TokenTableTest : public ::testing::Test {
 protected:
  AccessToken token(const std::string& value, std::chrono::seconds life = 3600s) {
    const UnixTime now = clock_.now();
    return AccessToken{Secret(value), "https://acme.my.salesforce.com", now, now + life, now + 12h};
  }
  void store(TokenStore& into, const TokenKey& at, const std::string& value) {
    const auto answer = into.get_or_claim(at, kLease, nullptr);
    ASSERT_EQ(state_of(answer), State::claimed);
    into.put(at, *claim_in(answer), token(value));
  }
  State state(TokenStore& of, const TokenKey& at) { return state_of(of.get_or_claim(at, kLease, nullptr)); }

  TokenStore::Answer store_rejects(const TokenKey& at, const std::string& value) {
    const Secret rejected(value);
    return store_.get_or_claim(at, kLease, &rejected);
  }

  FakeClock clock_;
  LocalTokenStore store_{clock_};
  oauth::TokenError error_{oauth::TokenError::Class::subject, "invalid_grant", "no", std::nullopt};
};

TEST_F(TokenTableTest, WhatWasPutIsGivenAsItIs) {
  store(store_, key(1), "secret");
  const auto answer = store_.get_or_claim(key(1), kLease, nullptr);
  ASSERT_EQ(state_of(answer), State::fresh);
  EXPECT_EQ(token_in(answer)->value.reveal(), "secret");
  EXPECT_EQ(token_in(answer)->instance_url, "https://acme.my.salesforce.com");
  EXPECT_EQ(state(store_, key(2)), State::claimed);
}

TEST_F(TokenTableTest, ATokenIsAbsentFromTheSecondItExpires) {
  store(store_, key(1), "secret");
  clock_.advance(3599s);
  EXPECT_EQ(state(store_, key(1)), State::fresh);
  clock_.advance(1s);
  EXPECT_EQ(state(store_, key(1)), State::claimed);
}

TEST_F(TokenTableTest, OneCallerClaimsTheOthersWait) {
  EXPECT_EQ(state(store_, key(1)), State::claimed);
  EXPECT_EQ(state(store_, key(1)), State::fetching);
  EXPECT_EQ(state(store_, key(2)), State::claimed);
}

TEST_F(TokenTableTest, AnotherTakesOverWhenTheLeaseEndsAndTheLateOneChangesNothing) {
  const auto late = *claim_in(store_.get_or_claim(key(1), kLease, nullptr));
  clock_.advance(kLease);
  const auto second = store_.get_or_claim(key(1), kLease, nullptr);
  ASSERT_EQ(state_of(second), State::claimed);
  EXPECT_EQ(store_.put(key(1), late, token("late")), Put::superseded);
  store_.fail(key(1), late, error_, 30s);
  EXPECT_EQ(state(store_, key(1)), State::fetching);
  store_.put(key(1), *claim_in(second), token("second"));
  EXPECT_EQ(token_in(store_.get_or_claim(key(1), kLease, nullptr))->value.reveal(), "second");
  EXPECT_EQ(store_.put(key(1), late, token("late")), Put::superseded);
  EXPECT_EQ(token_in(store_.get_or_claim(key(1), kLease, nullptr))->value.reveal(), "second");
}

TEST_F(TokenTableTest, AFailureIsAnsweredUntilItsTimeIsOver) {
  store_.fail(key(1), *claim_in(store_.get_or_claim(key(1), kLease, nullptr)), error_, 30s);
  const auto answer = store_.get_or_claim(key(1), kLease, nullptr);
  ASSERT_EQ(state_of(answer), State::failed);
  EXPECT_EQ(std::get<TokenStore::Failed>(answer).error.code, "invalid_grant");
  clock_.advance(30s);
  EXPECT_EQ(state(store_, key(1)), State::claimed);
}

TEST_F(TokenTableTest, AFailureSaysSinceWhenItIsKnownAndWhenItsTimeIsOver) {
  store_.fail(key(1), *claim_in(store_.get_or_claim(key(1), kLease, nullptr)), error_, 30s);
  clock_.advance(12'100ms);
  const auto answer = store_.get_or_claim(key(1), kLease, nullptr);
  ASSERT_EQ(state_of(answer), State::failed);
  EXPECT_EQ(std::get<TokenStore::Failed>(answer).age, 12'100ms);
  EXPECT_EQ(std::get<TokenStore::Failed>(answer).retry_in, 17'900ms);
}

// A restart: the memory stays, and there are a table of the old and one of the new configuration for a while.
class RestartTest : public TokenTableTest {
 protected:
  void fail(TokenTable& in, const oauth::TokenError& error) {
    in.fail(key(1), *claim_in(in.get_or_claim(key(1), kLease, nullptr)), error, 30s);
  }

  LocalTokenMemory memory_{kOneSet};
  TokenTable before_{memory_.words.data(), kOneSet, memory_.locks, clock_, 1};
  TokenTable after_{memory_.words.data(), kOneSet, memory_.locks, clock_, 2};
};

TEST_F(RestartTest, ForgetsAFailure) {
  fail(before_, error_);
  const auto answer = after_.get_or_claim(key(1), kLease, nullptr);
  ASSERT_EQ(state_of(answer), State::claimed);
  EXPECT_FALSE(std::get<TokenStore::Claimed>(answer).after_failure);
}

TEST_F(RestartTest, ForgetsWhatAChildOfTheOldConfigurationReportsAfterIt) {
  const auto late = *claim_in(before_.get_or_claim(key(1), kLease, nullptr));
  EXPECT_EQ(state(after_, key(1)), State::fetching);
  before_.fail(key(1), late, error_, 30s);
  EXPECT_EQ(state(after_, key(1)), State::claimed);
}

TEST_F(RestartTest, AFailureOfTheNewConfigurationIsOneToTheOldToo) {
  fail(after_, error_);
  EXPECT_EQ(state(after_, key(1)), State::failed);
  EXPECT_EQ(state(before_, key(1)), State::failed);
}

TEST_F(RestartTest, KeepsWhatTheServerHasAskedForThePauseOfRenewalsAndTokens) {
  oauth::TokenError busy = error_;
  busy.retry_after_seconds = 60;
  fail(before_, busy);
  EXPECT_EQ(state(after_, key(1)), State::failed);
  clock_.advance(30s);
  fail(before_,
       oauth::TokenError{oauth::TokenError::Class::transient, std::string(oauth::kRenewalPaused), "", {}});
  EXPECT_EQ(state(after_, key(1)), State::failed);
  store(before_, key(2), "secret");
  EXPECT_EQ(state(after_, key(2)), State::fresh);
}

TEST_F(TokenTableTest, OnlyWhoSawTheRejectionRenewsTheTokenOrWaits) {
  store(store_, key(1), "new");
  store_rejects(key(1), "old");
  store_rejects(key(1), "newer");
  store_rejects(key(2), "new");
  EXPECT_EQ(state(store_, key(1)), State::fresh);
  EXPECT_EQ(state_of(store_rejects(key(1), "new")), State::claimed);
  EXPECT_EQ(state_of(store_rejects(key(1), "new")), State::fetching);
}

TEST_F(TokenTableTest, ARejectedTokenServesOthersUntilTheNewOneIsThere) {
  store(store_, key(1), "old");
  const auto claim = *claim_in(store_rejects(key(1), "old"));
  EXPECT_EQ(token_in(store_.get_or_claim(key(1), kLease, nullptr))->value.reveal(), "old");
  store_.put(key(1), claim, token("new"));
  EXPECT_EQ(token_in(store_.get_or_claim(key(1), kLease, nullptr))->value.reveal(), "new");
}

TEST_F(TokenTableTest, ARejectedTokenServesOthersWhenThereIsNoNewOne) {
  store(store_, key(1), "old");
  store_.fail(key(1), *claim_in(store_rejects(key(1), "old")), error_, 30s);
  EXPECT_EQ(state(store_, key(1)), State::fresh);
  EXPECT_EQ(state_of(store_rejects(key(1), "old")), State::failed);
}

TEST_F(TokenTableTest, ARenewalIsCountedWhenItIsClaimed) {
  store(store_, key(1), "secret");
  const auto answer = store_rejects(key(1), "secret");
  ASSERT_TRUE(history_in(answer));
  EXPECT_EQ(history_in(answer)->paid_until, clock_.now() + RenewalHistory::kInterval);
}

TEST_F(TokenTableTest, ATokenRejectedAgainPausesTheRenewalsOfTheTokenHeldAlone) {
  store(store_, key(1), "secret");
  store_.rejected_again(key(1), Secret("another"));
  EXPECT_EQ(state_of(store_rejects(key(1), "secret")), State::claimed);
  store(store_, key(2), "secret");
  store_.rejected_again(key(2), Secret("secret"));
  EXPECT_EQ(state_of(store_rejects(key(2), "secret")), State::fresh);
}

TEST_F(TokenTableTest, ASubjectWhoseTokenHasExpiredIsKnownHoweverOftenItsRequestFails) {
  EXPECT_FALSE(history_in(store_.get_or_claim(key(1), kLease, nullptr)));
  store(store_, key(2), "secret");
  clock_.advance(3600s);
  for (int i = 0; i < 3; ++i) {
    const auto answer = store_.get_or_claim(key(2), kLease, nullptr);
    EXPECT_TRUE(history_in(answer));
    store_.fail(key(2), *claim_in(answer), error_, 0s);
  }
}

TEST_F(TokenTableTest, OfAnExpiredTokenThatIsAskedForTheSecretIsOverwritten) {
  LocalTokenMemory memory(kOneSet);
  TokenTable table(memory.words.data(), kOneSet, memory.locks, clock_);
  store(table, key(1), "a-long-secret-that-is-found");
  clock_.advance(3600s);
  EXPECT_EQ(state(table, key(1)), State::claimed);
  const std::string_view bytes(reinterpret_cast<const char*>(memory.words.data()),
                               memory.words.size() * sizeof(std::uint64_t));
  EXPECT_EQ(bytes.find("long-secret"), std::string_view::npos);
}

TEST_F(TokenTableTest, TheRecordOfAnExpiredTokenGoesBeforeALivingToken) {
  LocalTokenStore small(clock_, kOneSet);
  store(small, key(0), "expires");
  clock_.advance(3600s);
  static_cast<void>(state(small, key(0)));
  for (unsigned number = 1; number <= SlotTable::kWays; ++number) store(small, key(number), "token");
  for (unsigned number = 1; number <= SlotTable::kWays; ++number)
    EXPECT_EQ(state(small, key(number)), State::fresh);
}

TEST_F(TokenTableTest, ARejectedTokenThatIsNotRenewableStays) {
  AccessToken unproven = token("secret");
  unproven.unproven = true;
  AccessToken paused = token("secret");
  paused.renewals.rejected_again(clock_.now());
  unsigned number = 1;
  for (const AccessToken& kept : {unproven, paused}) {
    const auto answer = store_.get_or_claim(key(number), kLease, nullptr);
    store_.put(key(number), *claim_in(answer), kept);
    EXPECT_EQ(state_of(store_rejects(key(number), "secret")), State::fresh);
    ++number;
  }
  clock_.advance(RenewalHistory::kFirstPause);
  EXPECT_EQ(state_of(store_rejects(key(2), "secret")), State::claimed);
}

TEST_F(TokenTableTest, AnExpiryMovesForwardForTheSameTokenOnly) {
  const auto expires = [&] { return token_in(store_.get_or_claim(key(1), kLease, nullptr))->expires_at; };
  const UnixTime now = clock_.now();
  store(store_, key(1), "secret");
  store_.update(key(1), token("other", 9999s));
  store_.update(key(1), token("secret", 10s));
  EXPECT_EQ(expires(), now + 3600s);
  store_.update(key(1), token("secret", 4000s));
  EXPECT_EQ(expires(), now + 4000s);
}

TEST_F(TokenTableTest, TheTokenUsedLongestAgoGoesWhenThereIsNoRoom) {
  LocalTokenStore small(clock_, kOneSet);
  for (unsigned number = 0; number <= SlotTable::kWays; ++number) {
    store(small, key(number), "token");
    clock_.advance(1s);
    static_cast<void>(state(small, key(0)));
  }
  EXPECT_EQ(state(small, key(0)), State::fresh);
  EXPECT_EQ(state(small, key(1)), State::claimed);
  EXPECT_EQ(state(small, key(SlotTable::kWays)), State::fresh);
}

TEST_F(TokenTableTest, InventedSubjectsCannotEvictAGoodToken) {
  LocalTokenStore small(clock_, kOneSet);
  store(small, key(0), "good");
  for (unsigned number = 1; number < 20'000; ++number) {
    const auto answer = small.get_or_claim(key(number), kLease, nullptr);
    ASSERT_EQ(state_of(answer), State::claimed);
    if (number % 2 == 0) small.fail(key(number), *claim_in(answer), error_, 30s);
  }
  EXPECT_EQ(state(small, key(0)), State::fresh);
}

TEST_F(TokenTableTest, ATokenThatDoesNotFitIsNotKeptAndNobodyWaitsForIt) {
  const auto answer = store_.get_or_claim(key(1), kLease, nullptr);
  EXPECT_EQ(store_.put(key(1), *claim_in(answer), token(std::string(500, 'x'))), Put::too_large);
  EXPECT_EQ(state(store_, key(1)), State::claimed);
  LocalTokenStore large(clock_, {256, 1024});
  const auto claim = *claim_in(large.get_or_claim(key(1), kLease, nullptr));
  EXPECT_EQ(large.put(key(1), claim, token(std::string(500, 'x'))), Put::kept);
  EXPECT_EQ(state(large, key(1)), State::fresh);
}

/// Locks that can be lost.
class UnreliableLocks final : public StripeLocks {
 public:
  bool lock(std::size_t stripe) noexcept override { return !lost && locks_.lock(stripe); }
  void unlock(std::size_t stripe) noexcept override { locks_.unlock(stripe); }

  bool lost = false;

 private:
  ThreadLocks locks_;
};

TEST_F(TokenTableTest, ATokenThatCouldNotBeStoredForWantOfALockIsNotCalledKept) {
  constexpr TokenTable::Shape kShape{256, 480};
  std::vector<std::uint64_t> memory(TokenTable::bytes(kShape) / sizeof(std::uint64_t));
  UnreliableLocks locks;
  TokenTable table(memory.data(), kShape, locks, clock_);
  const auto claim = *claim_in(table.get_or_claim(key(1), kLease, nullptr));
  locks.lost = true;
  EXPECT_EQ(table.put(key(1), claim, token("secret")), Put::no_lock);
  EXPECT_EQ(state(table, key(1)), State::fetching);
  locks.lost = false;
  EXPECT_EQ(table.put(key(1), claim, token("secret")), Put::kept);
  EXPECT_EQ(state(table, key(1)), State::fresh);
}

TEST_F(TokenTableTest, ATokenOfSalesforceFitsTheUsualEntry) {
  AccessToken usual = token("00D5g0000000001!" + std::string(96, 'x'));
  usual.instance_url = "https://" + std::string(63, 'x') + "--sandbox.sandbox.my.salesforce.com";
  const auto claim = *claim_in(store_.get_or_claim(key(1), kLease, nullptr));
  EXPECT_EQ(store_.put(key(1), claim, usual), Put::kept);
}

TEST_F(TokenTableTest, WhenItIsTimeOneCallerIsToRenewAndAllGoOnWithTheOldToken) {
  AccessToken aging = token("old");
  aging.renew_at = clock_.now() + 100s;
  store_.put(key(1), *claim_in(store_.get_or_claim(key(1), kLease, nullptr)), aging);
  EXPECT_FALSE(claim_in(store_.get_or_claim(key(1), kLease, nullptr)));
  clock_.advance(100s);
  const auto first = store_.get_or_claim(key(1), kLease, nullptr);
  EXPECT_TRUE(state_of(first) == State::fresh && token_in(first) && claim_in(first));
  const auto second = store_.get_or_claim(key(1), kLease, nullptr);
  EXPECT_TRUE(state_of(second) == State::fresh && token_in(second) && !claim_in(second));
  store_.put(key(1), *claim_in(first), token("new"));
  EXPECT_EQ(token_in(store_.get_or_claim(key(1), kLease, nullptr))->value.reveal(), "new");
}

TEST_F(TokenTableTest, AnEarlyRenewalThatFailedIsTriedAgainAfterItsPause) {
  AccessToken aging = token("old");
  aging.renew_at = clock_.now();
  store_.put(key(1), *claim_in(store_.get_or_claim(key(1), kLease, nullptr)), aging);
  store_.fail(key(1), *claim_in(store_.get_or_claim(key(1), kLease, nullptr)), error_, 60s);
  const auto meanwhile = store_.get_or_claim(key(1), kLease, nullptr);
  EXPECT_TRUE(state_of(meanwhile) == State::fresh && !claim_in(meanwhile));
  clock_.advance(60s);
  EXPECT_TRUE(claim_in(store_.get_or_claim(key(1), kLease, nullptr)));
}

TEST_F(TokenTableTest, WhoMustWaitIsToldSinceWhenAndWhetherTheLastFetchFailed) {
  store_.fail(key(1), *claim_in(store_.get_or_claim(key(1), kLease, nullptr)), error_, 1s);
  clock_.advance(1s);
  for (const bool failed_before : {true, false}) {
    const TokenKey at = key(failed_before ? 1 : 2);
    EXPECT_EQ(state(store_, at), State::claimed);
    clock_.advance(1500ms);
    const auto answer = store_.get_or_claim(at, kLease, nullptr);
    ASSERT_EQ(state_of(answer), State::fetching);
    EXPECT_EQ(std::get<TokenStore::Fetching>(answer).age, 1500ms);
    EXPECT_EQ(std::get<TokenStore::Fetching>(answer).after_failure, failed_before);
  }
}

TEST_F(TokenTableTest, WaitingEndsAtOnceWhenNobodyFetches) {
  EXPECT_EQ(store_.wait(key(1), 1h), TokenStore::Wait::changed);
  store(store_, key(1), "secret");
  EXPECT_EQ(store_.wait(key(1), 1h), TokenStore::Wait::changed);
}

TEST_F(TokenTableTest, WaitingEndsAtItsLimit) {
  static_cast<void>(store_.get_or_claim(key(1), kLease, nullptr));
  EXPECT_EQ(store_.wait(key(1), 5ms), TokenStore::Wait::timed_out);
}

TEST_F(TokenTableTest, WaitingEndsWhenTheLeaseDoes) {
  static_cast<void>(store_.get_or_claim(key(1), 5ms, nullptr));
  EXPECT_EQ(store_.wait(key(1), 1h), TokenStore::Wait::changed);
}

/// Tells when a wait looks at the clock: from then on it sleeps unless it sees a change.
class WatchedClock final : public Clock {
 public:
  UnixTime now() const override { return clock_.now(); }
  std::chrono::steady_clock::time_point steady() const override {
    asked_ = true;
    asked_.notify_all();
    return clock_.steady();
  }
  void sleep(std::chrono::milliseconds) const override {}
  void forget() { asked_ = false; }
  void await_question() const { asked_.wait(false); }

 private:
  FakeClock clock_;
  mutable std::atomic<bool> asked_{false};
};

class SleepersTest : public ::testing::Test {
 protected:
  // Ends, by `end`, a claim that another thread waits for, and joins that thread. A thread that is not woken
  // sleeps until the test times out.
  template <class End>
  void wake(End end) {
    const auto claim = *claim_in(store_.get_or_claim(key(1), 1h, nullptr));
    clock_.forget();
    std::jthread sleeper([&] { EXPECT_EQ(store_.wait(key(1), 1h), TokenStore::Wait::changed); });
    clock_.await_question();
    end(claim);
  }

  WatchedClock clock_;
  LocalTokenStore store_{clock_};
};

TEST_F(SleepersTest, APutWakesThem) {
  wake([&](TokenStore::Claim claim) { store_.put(key(1), claim, AccessToken{}); });
}

TEST_F(SleepersTest, AFailureWakesThem) {
  wake([&](TokenStore::Claim claim) { store_.fail(key(1), claim, oauth::TokenError{}, 30s); });
}

}  // namespace
}  // namespace sfjwt::tokens
