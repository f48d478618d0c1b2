// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/back_off.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/unit/core/fake_clock.h"

namespace sfjwt::tokens {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

oauth::TokenError error_of(oauth::FetchFailure cause, std::optional<long> retry_after = std::nullopt) {
  return oauth::TokenError{oauth::class_of(cause), "code", "message", retry_after, cause};
}

class BackOffTest : public ::testing::Test {
 protected:
  // The pause without what chance adds is from four fifths of it to all of it.
  static auto is_about(seconds pause) { return AllOf(Ge(pause), Le(pause + pause / 4 + 1s)); }

  FakeClock clock_;
  BackOff back_off_{clock_};
};

TEST_F(BackOffTest, WhatTryingAgainDoesNotMendPausesForHalfAMinuteHoweverOften) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(back_off_.pause_after(error_of(oauth::FetchFailure::user)), is_about(30s));
    EXPECT_THAT(back_off_.pause_after(error_of(oauth::FetchFailure::audience)), is_about(30s));
    clock_.advance(60s);
  }
}

TEST_F(BackOffTest, TroubleThatOutlastsItsPausePausesTwiceAsLongUpToAMinute) {
  for (const seconds pause : {2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    EXPECT_THAT(back_off_.pause_after(error_of(oauth::FetchFailure::server)), is_about(pause));
    clock_.advance(pause);
  }
}

TEST_F(BackOffTest, ManyFailuresOfOneOutageCountOnce) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(back_off_.pause_after(error_of(oauth::FetchFailure::unreachable)), is_about(2s));
  }
}

TEST_F(BackOffTest, AnAnswerOfTheServerBeginsAnew) {
  for (const seconds pause : {2s, 4s, 8s}) {
    static_cast<void>(back_off_.pause_after(error_of(oauth::FetchFailure::timed_out)));
    clock_.advance(pause);
  }
  back_off_.server_answered();
  EXPECT_THAT(back_off_.pause_after(error_of(oauth::FetchFailure::timed_out)), is_about(2s));
}

TEST_F(BackOffTest, AServerMayAskForMoreAndNotForLess) {
  EXPECT_THAT(back_off_.pause_after(error_of(oauth::FetchFailure::rate, 200)), is_about(200s));
  EXPECT_THAT(back_off_.pause_after(error_of(oauth::FetchFailure::rate, 0)), is_about(2s));
}

TEST_F(BackOffTest, ChanceSpreadsThePauses) {
  std::set<seconds> drawn;
  for (int i = 0; i < 200; ++i) drawn.insert(back_off_.pause_after(error_of(oauth::FetchFailure::grant)));
  EXPECT_GE(drawn.size(), 6U);
}

}  // namespace
}  // namespace sfjwt::tokens
