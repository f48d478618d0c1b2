// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/sharing/punctual_store.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/unit/sharing/fake_sealed_store.h"

namespace sfjwt::sharing {
namespace {

using namespace std::chrono_literals;
using Outcome = SealedStore::Outcome;

constexpr UnixTime kExpiry{1'700'003'600s};
constexpr auto kAmple = 20s;

TEST(PunctualStore, IsTheStoreBehindIt) {
  FakeSealedStore behind;
  PunctualStore store(behind, kAmple);
  const keys::SealedId id{1};
  EXPECT_EQ(store.fetch(id).outcome, Outcome::nothing);
  EXPECT_EQ(store.store(id, kExpiry, "value"), Outcome::done);
  EXPECT_EQ(behind.expiries[id], kExpiry);
  EXPECT_EQ(store.fetch(id).outcome, Outcome::done);
  EXPECT_EQ(store.fetch(id).value, "value");
  EXPECT_EQ(store.remove(id), Outcome::done);
  EXPECT_EQ(store.remove(id), Outcome::nothing);
  behind.failing = true;
  EXPECT_EQ(store.fetch(id).outcome, Outcome::failed);
}

TEST(PunctualStore, GivesEachOfManyCallersItsOwnAnswer) {
  FakeSealedStore behind;
  PunctualStore store(behind, kAmple);
  std::atomic<int> right{0};
  std::vector<std::thread> callers;
  for (unsigned char n = 0; n < 8; ++n) {
    callers.emplace_back([&store, &right, n] {
      const keys::SealedId id{n};
      for (int i = 0; i < 50; ++i) {
        const std::string value(n, static_cast<char>(i));
        store.store(id, kExpiry, value);
        right += store.fetch(id).value == value ? 1 : 0;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(right, 400);
}

TEST(PunctualStore, ALeftCallIsFailedAndTheNextOnesTooUntilTheStoreComesBack) {
  FakeSealedStore behind;
  behind.values[keys::SealedId{1}] = "value";
  std::latch go_on(1);
  std::atomic<bool> first{true};
  behind.on_call = [&] {
    if (first.exchange(false)) go_on.wait();
  };
  PunctualStore store(behind, 20ms, 1);
  EXPECT_EQ(store.fetch(keys::SealedId{1}).outcome, Outcome::failed);
  EXPECT_EQ(store.fetch(keys::SealedId{1}).outcome, Outcome::failed);
  EXPECT_EQ(store.store(keys::SealedId{2}, kExpiry, "too late"), Outcome::failed);
  go_on.count_down();
  const auto end = std::chrono::steady_clock::now() + kAmple;
  while (store.fetch(keys::SealedId{1}).outcome != Outcome::done && std::chrono::steady_clock::now() < end) {
  }
  EXPECT_EQ(store.fetch(keys::SealedId{1}).value, "value");
  const std::lock_guard lock(behind.mutex);
  EXPECT_FALSE(behind.values.contains(keys::SealedId{2})) << "nobody waits for that any more";
}

// Answers when two callers are inside.
class MeetingPlace final : public SealedStore {
 public:
  Fetched fetch(const keys::SealedId&) override {
    two_.arrive_and_wait();
    return {Outcome::done, "both"};
  }
  Outcome store(const keys::SealedId&, UnixTime, std::string_view) override { return Outcome::failed; }
  Outcome remove(const keys::SealedId&) override { return Outcome::failed; }

 private:
  std::latch two_{2};
};

TEST(PunctualStore, ACallNeedNotWaitForTheEndOfAnother) {
  MeetingPlace behind;
  PunctualStore store(behind, kAmple);
  std::thread other([&] { EXPECT_EQ(store.fetch(keys::SealedId{1}).value, "both"); });
  EXPECT_EQ(store.fetch(keys::SealedId{2}).value, "both");
  other.join();
}

TEST(PunctualStore, EndsWhileACallIsStuckInTheStore) {
  FakeSealedStore behind;
  std::latch go_on(1);
  std::latch gone_on(1);
  behind.on_call = [&] {
    go_on.wait();
    gone_on.count_down();
  };
  EXPECT_EQ(PunctualStore(behind, 20ms).fetch(keys::SealedId{}).outcome, Outcome::failed);
  go_on.count_down();
  gone_on.wait();
  const std::lock_guard until_it_is_out(behind.mutex);
}

TEST(PunctualStore, AnExceptionOfTheStoreIsAFailure) {
  FakeSealedStore behind;
  behind.on_call = [] { throw std::runtime_error("no"); };
  PunctualStore store(behind, kAmple);
  EXPECT_EQ(store.fetch(keys::SealedId{}).outcome, Outcome::failed);
  behind.on_call = nullptr;
  EXPECT_EQ(store.fetch(keys::SealedId{}).outcome, Outcome::nothing);
}

// While it lives, no thread can be made: there is no address space for such a stack.
class NoThreads {
 public:
  NoThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t attributes = before_;
    pthread_attr_setstacksize(&attributes, std::size_t{1} << 60);
    pthread_setattr_default_np(&attributes);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;
  ~NoThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }

 private:
  pthread_attr_t before_;
};

TEST(PunctualStore, WhatNoThreadCanBeHadForFailsAndIsNotDoneLater) {
  FakeSealedStore behind;
  PunctualStore store(behind, kAmple);
  {
    const NoThreads none;
    EXPECT_EQ(store.store(keys::SealedId{1}, kExpiry, "of then"), Outcome::failed);
  }
  EXPECT_EQ(store.fetch(keys::SealedId{1}).outcome, Outcome::nothing);
}

TEST(PunctualStore, ItsThreadTakesNoSignals) {
  FakeSealedStore behind;
  sigset_t blocked;
  sigemptyset(&blocked);
  behind.on_call = [&] { pthread_sigmask(SIG_SETMASK, nullptr, &blocked); };
  PunctualStore store(behind, kAmple);
  store.fetch(keys::SealedId{});
  EXPECT_TRUE(sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGUSR1));
  sigset_t own;
  pthread_sigmask(SIG_SETMASK, nullptr, &own);
  EXPECT_FALSE(sigismember(&own, SIGTERM));
}

}  // namespace
}  // namespace sfjwt::sharing
