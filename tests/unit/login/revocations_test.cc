// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/revocations.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <list>
#include <vector>

#include "tests/unit/keys/processes.h"

namespace sfjwt::login {
namespace {

using namespace std::chrono_literals;

constexpr UnixTime kNow{1'700'000'000s};
constexpr auto kJane = "jane@corp.example";
constexpr auto kJohn = "john@corp.example";

class RevocationsTest : public ::testing::Test {
 protected:
  RevocationsTest() { Revocations::create(bytes()); }

  std::byte* bytes() const { return reinterpret_cast<std::byte*>(memory_.words()); }
  static Handle handle_at(UnixMilliseconds issued, std::string subject = kJane) {
    return {std::move(subject),
            issued,
            std::chrono::floor<std::chrono::seconds>(issued) + 2h,
            new_handle_id(),
            {}};
  }
  // So many handles, one per second.
  static std::vector<Handle> handles(std::size_t count, const std::string& subject = kJane) {
    std::vector<Handle> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back(handle_at(kNow + i * 1s, subject));
    return made;
  }
  void revoke_all(const std::vector<Handle>& handles, UnixTime now = kNow) const {
    for (const Handle& handle : handles) revocations_.revoke(handle, now);
  }
  void expect_revoked(const std::vector<Handle>& handles) const {
    for (std::size_t i = 0; i < handles.size(); ++i) EXPECT_TRUE(revocations_.revoked(handles[i])) << i;
  }

  keys::SharedMemory memory_{Revocations::kBytes};
  keys::SaltedDigest hash_{"salt"};
  Revocations revocations_{bytes(), hash_};
};

TEST_F(RevocationsTest, OneHandleIsRevokedAndNoOther) {
  const std::vector<Handle> all = handles(3);
  const Handle same_time = handle_at(all[1].issued_at);
  revocations_.revoke(all[1], kNow);
  EXPECT_FALSE(revocations_.revoked(all[0]));
  EXPECT_TRUE(revocations_.revoked(all[1]));
  EXPECT_FALSE(revocations_.revoked(all[2]));
  EXPECT_FALSE(revocations_.revoked(same_time));
}

TEST_F(RevocationsTest, RevokingTwiceIsRevokingOnce) {
  const std::vector<Handle> all = handles(2);
  for (int i = 0; i < 1'000; ++i) revocations_.revoke(all[1], kNow);
  EXPECT_TRUE(revocations_.revoked(all[1]));
  EXPECT_FALSE(revocations_.revoked(all[0]));
}

TEST_F(RevocationsTest, AHundredOfASubjectAreRevokedOneByOne) {
  const std::vector<Handle> all = handles(2 * Revocations::kMaxIds);
  for (std::size_t i = 1; i < all.size(); i += 2) revocations_.revoke(all[i], kNow);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(revocations_.revoked(all[i]), i % 2 == 1) << i;
}

TEST_F(RevocationsTest, OneMoreOfASubjectRefusesItsOlderOnesAlone) {
  const std::vector<Handle> all = handles(Revocations::kMaxIds + 3);
  const Handle before = handle_at(kNow - 1s);
  const Handle between = handle_at(all[3].issued_at);
  const Handle of_john = handle_at(kNow - 1s, kJohn);
  revoke_all({all.begin() + 2, all.end()});
  EXPECT_TRUE(revocations_.revoked(before));
  EXPECT_TRUE(revocations_.revoked(all[1]));
  EXPECT_TRUE(revocations_.revoked(all[2]));
  EXPECT_FALSE(revocations_.revoked(between));
  EXPECT_FALSE(revocations_.revoked(of_john));
  expect_revoked({all.begin() + 2, all.end()});
}

TEST_F(RevocationsTest, ThousandsOfASubjectAreRevokedInAnyOrder) {
  std::vector<Handle> all = handles(5'000);
  for (std::size_t i = 0; i < all.size(); ++i) std::swap(all[i], all[i * 7'919 % all.size()]);
  revoke_all(all);
  expect_revoked(all);
  EXPECT_FALSE(revocations_.revoked(handle_at(kNow + 5'000s)));
}

TEST_F(RevocationsTest, AnOldOneIsRevokedWhereAllPlacesAreTakenByNewer) {
  revoke_all(handles(Revocations::kMaxIds));
  const Handle old = handle_at(kNow - 10s);
  const Handle newer = handle_at(kNow - 9s);
  revocations_.revoke(old, kNow);
  EXPECT_TRUE(revocations_.revoked(old));
  EXPECT_FALSE(revocations_.revoked(newer));
}

TEST_F(RevocationsTest, ExpiredOnesMakePlaceWithoutAWatermark) {
  revoke_all(handles(Revocations::kMaxIds));
  const Handle older = handle_at(kNow - 1s);
  const UnixTime later = kNow + 2h + Revocations::kMaxIds * 1s;
  std::vector<Handle> next;
  for (std::size_t i = 0; i < Revocations::kMaxIds; ++i) next.push_back(handle_at(later));
  revoke_all(next, later);
  expect_revoked(next);
  EXPECT_FALSE(revocations_.revoked(older));
}

TEST_F(RevocationsTest, AnExpiredOneNeedsNoPlace) {
  const Handle handle = handle_at(kNow);
  revocations_.revoke(handle, handle.expires_at);
  EXPECT_FALSE(revocations_.revoked(handle));
}

TEST_F(RevocationsTest, ALoginAfterALogoutIsAcceptedInTheSameMillisecond) {
  for (std::size_t i = 0; i < 3 * Revocations::kMaxIds; ++i) {
    const Handle handle = handle_at(revocations_.issue_time(kJane, kNow));
    ASSERT_FALSE(revocations_.revoked(handle)) << i;
    revocations_.revoke(handle, kNow);
    ASSERT_TRUE(revocations_.revoked(handle)) << i;
  }
}

TEST_F(RevocationsTest, ALoginIsIssuedNowUnlessAWatermarkRefusesThat) {
  revoke_all(handles(Revocations::kMaxIds));
  EXPECT_EQ(revocations_.issue_time(kJane, kNow + 5ms), kNow + 5ms);
  revocations_.revoke(handle_at(kNow + 1h), kNow);
  EXPECT_EQ(revocations_.issue_time(kJane, kNow - 1h), kNow + 1ms) << "the clock was set back";
  EXPECT_EQ(revocations_.issue_time(kJohn, kNow - 1h), kNow - 1h);
}

TEST_F(RevocationsTest, MoreSubjectsThanThereIsSpaceForAreRefusedByAWatermarkOfAll) {
  constexpr std::size_t kSubjects = Revocations::kSmall.slots + Revocations::kLarge.slots + 1'000;
  const Handle newer = handle_at(kNow + 1s);
  std::size_t alone = 0;
  for (std::size_t i = 0; i < kSubjects; ++i) {
    const std::string subject = std::to_string(i) + kJane;
    revocations_.revoke(handle_at(kNow, subject), kNow);
    alone += !revocations_.revoked(handle_at(kNow, subject));
  }
  EXPECT_GT(alone, Revocations::kSmall.slots * 9 / 10) << "the table is used";
  EXPECT_TRUE(revocations_.revoked(handle_at(kNow, "another"))) << "the watermark of all";
  EXPECT_FALSE(revocations_.revoked(newer));
  EXPECT_EQ(revocations_.issue_time("another", kNow), kNow + 1ms);
}

TEST_F(RevocationsTest, EveryRevokedOneStaysRevokedWhenTheTableIsFull) {
  constexpr std::size_t kSubjects = Revocations::kSmall.slots + Revocations::kLarge.slots + 1'000;
  std::vector<Handle> all;
  for (std::size_t i = 0; i < kSubjects; ++i) all.push_back(handle_at(kNow + i * 1ms, std::to_string(i)));
  revoke_all(all);
  expect_revoked(all);
}

TEST_F(RevocationsTest, WithoutALargeSlotTheWatermarkOfASubjectComesEarlier) {
  for (std::size_t i = 0; i < 2 * Revocations::kLarge.slots; ++i)
    revoke_all(handles(Revocations::kSmall.ids + 1, std::to_string(i)));
  const std::vector<Handle> all = handles(3 * Revocations::kSmall.ids);
  revoke_all(all);
  expect_revoked(all);
  EXPECT_TRUE(revocations_.revoked(handle_at(kNow)));
  EXPECT_FALSE(revocations_.revoked(handle_at(kNow, kJohn)));
}

TEST_F(RevocationsTest, SlotsOfSubjectsWhoseHandlesExpiredAreUsedAgain) {
  UnixTime now = kNow;
  for (int round = 0; round < 4; ++round, now += 3h) {
    for (std::size_t i = 0; i < Revocations::kSmall.slots / 2; ++i)
      revocations_.revoke(handle_at(now, std::to_string(round) + "/" + std::to_string(i)), now);
  }
  EXPECT_EQ(revocations_.issue_time(kJane, kNow - 1h), kNow - 1h) << "no watermark of all was needed";
}

TEST_F(RevocationsTest, WhatOneProcessRevokesIsRevokedInAllOfThem) {
  constexpr std::size_t kEach = 300;
  const std::vector<Handle> of_jane = handles(4 * kEach);
  const std::vector<Handle> of_john = handles(4 * kEach, kJohn);
  std::list<keys::Child> children;
  for (std::size_t child = 0; child < 4; ++child) {
    children.emplace_back([&, child] {
      for (std::size_t i = child; i < of_jane.size(); i += 4) {
        for (const Handle* handle : {&of_jane[i], &of_john[of_john.size() - 1 - i]}) {
          revocations_.revoke(*handle, kNow);
          if (!revocations_.revoked(*handle)) return false;
        }
      }
      return true;
    });
  }
  for (keys::Child& child : children) EXPECT_TRUE(child.succeeded());
  expect_revoked(of_jane);
  expect_revoked(of_john);
}

TEST_F(RevocationsTest, NoReaderFindsARevokedOneAcceptedWhileOthersAreWritten) {
  const std::vector<Handle> first = handles(Revocations::kSmall.ids);
  revoke_all(first);
  keys::Child writer([&] {
    for (std::size_t i = 0; i < 20'000; ++i) revocations_.revoke(handle_at(kNow + (100 + i) * 1ms), kNow);
    return true;
  });
  keys::Child reader([&] {
    for (int i = 0; i < 50'000; ++i)
      for (const Handle& handle : first)
        if (!revocations_.revoked(handle)) return false;
    return true;
  });
  EXPECT_TRUE(reader.succeeded());
  EXPECT_TRUE(writer.succeeded());
}

// The children report what they have revoked; each is killed wherever it is.
TEST_F(RevocationsTest, AWriterMayBeKilledAtAnyMoment) {
  constexpr std::size_t kRounds = 200;
  const keys::SharedMemory reported((kRounds + 1) * sizeof(std::uint64_t));
  std::vector<Handle> all;
  for (std::size_t i = 0; i < kRounds * 100; ++i)
    all.push_back(handle_at(kNow + i % 5'000 * 1ms, i % 3 ? kJane : std::to_string(i / 700)));
  for (std::size_t round = 0; round < kRounds; ++round) {
    const std::atomic_ref done(reported.words()[round]);
    keys::Child writer([&] {
      for (std::size_t i = round * 100; i < round * 100 + 100; ++i) {
        revocations_.revoke(all[i], kNow);
        ++done;
      }
      pause();
      return true;
    });
    while (done < 1 + round % 100) sched_yield();
    writer.kill_now();
  }
  for (std::size_t round = 0; round < kRounds; ++round)
    for (std::size_t i = 0; i < reported.words()[round]; ++i)
      ASSERT_TRUE(revocations_.revoked(all[round * 100 + i])) << round << "/" << i;
  const Handle next = handle_at(revocations_.issue_time(kJane, kNow));
  EXPECT_FALSE(revocations_.revoked(next));
  revocations_.revoke(next, kNow);
  EXPECT_TRUE(revocations_.revoked(next));
}

}  // namespace
}  // namespace sfjwt::login
