// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/renewal_history.h"

#include <gtest/gtest.h>

namespace sfjwt::tokens {
namespace {

using namespace std::chrono_literals;

class RenewalHistoryTest : public ::testing::Test {
 protected:
  std::chrono::seconds pause_after_another_rejection() {
    history_.rejected_again(now_);
    const auto pause = history_.paused_until - now_;
    now_ = history_.paused_until;
    return pause;
  }
  void count(int renewals) {
    for (int i = 0; i < renewals; ++i) history_.count(now_);
  }

  UnixTime now_{1'700'000'000s};
  RenewalHistory history_;
};

TEST_F(RenewalHistoryTest, RenewalsInVainOneAfterTheOtherPauseTwiceAsLongUpToAMinute) {
  for (const std::chrono::seconds pause : {2s, 4s, 8s, 16s, 32s, 60s, 60s})
    EXPECT_EQ(pause_after_another_rejection(), pause);
}

TEST_F(RenewalHistoryTest, AfterAMinuteWithoutOneTheNextPauseIsTheFirst) {
  for (int i = 0; i < 5; ++i) pause_after_another_rejection();
  now_ += 60s;
  EXPECT_EQ(pause_after_another_rejection(), 60s);
  now_ += 61s;
  EXPECT_EQ(pause_after_another_rejection(), 2s);
}

TEST_F(RenewalHistoryTest, ManyInVainDuringOnePauseAreOne) {
  for (int i = 0; i < 100; ++i) history_.rejected_again(now_);
  EXPECT_EQ(history_.paused_until, now_ + 2s);
}

TEST_F(RenewalHistoryTest, SoManyAreFreeAndThenOnePerInterval) {
  count(RenewalHistory::kBurst - 1);
  EXPECT_FALSE(history_.exhausted(now_));
  count(1);
  EXPECT_TRUE(history_.exhausted(now_));
  now_ += RenewalHistory::kInterval;
  EXPECT_FALSE(history_.exhausted(now_));
  count(1);
  EXPECT_TRUE(history_.exhausted(now_));
}

TEST_F(RenewalHistoryTest, TimesThatAreTooFarOffCountForNothing) {
  const RenewalHistory wrong{now_ + 61s, 60s, now_ + 1h};
  EXPECT_FALSE(wrong.paused(now_));
  EXPECT_FALSE(wrong.exhausted(now_));
}

TEST_F(RenewalHistoryTest, APauseThatCannotBeIsTakenForNone) {
  for (const std::chrono::seconds wrong :
       {std::chrono::seconds::min() / 4, -1s, std::chrono::seconds::max() / 4}) {
    history_ = {now_, wrong, {}};
    EXPECT_GE(pause_after_another_rejection(), 2s);
    EXPECT_LE(history_.pause, 60s);
  }
}

}  // namespace
}  // namespace sfjwt::tokens
