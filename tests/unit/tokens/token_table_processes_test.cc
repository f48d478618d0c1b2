// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <list>
#include <thread>

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/tokens/token_source.h"
#include "mod_sfjwt/tokens/token_table.h"
#include "mod_sfjwt/tokens/token_table_layout.h"
#include "tests/unit/keys/key_files.h"
#include "tests/unit/keys/processes.h"
#include "tests/unit/oauth/scripted_transport.h"
#include "tests/unit/tokens/answers.h"

namespace sfjwt::tokens {
namespace {

using namespace std::chrono_literals;

constexpr TokenTable::Shape kShape{1024, 480};
constexpr auto kSubject = "jane@corp.example";

/// One table, forked children that use it, and counters they share.
class TokenTableProcesses : public ::testing::Test {
 protected:
  enum Counter : std::size_t { started, requests, given, kCounters };

  static oauth::Client client() {
    oauth::Client made;
    made.token_endpoint = "https://login.salesforce.com/services/oauth2/token";
    made.client_id = "3MVG9.example";
    made.audience = "https://login.salesforce.com";
    made.allowed_instances = gateway::default_hosts();
    made.claim_lease = 1h;  // whoever waits for its end waits longer than a test may take
    return made;
  }
  static keys::SigningKey test_key() {
    const keys::TemporaryFolder folder;
    return *keys::SigningKey::load(folder.file("key.pem", keys::private_pem(keys::rsa_key())));
  }

  std::atomic_ref<std::uint64_t> count(Counter counter) const {
    return std::atomic_ref(counters_.words()[counter]);
  }
  void await(Counter counter, std::uint64_t value) const {
    for (int look = 0; look < 20'000 && count(counter) < value; ++look) std::this_thread::sleep_for(1ms);
    ASSERT_GE(count(counter), value);
  }
  // What a child does: asks for a token of each subject, with an authorization server that answers by
  // `reply`.
  template <class Reply>
  bool use(int subjects, Reply reply) {
    oauth::ScriptedTransport transport([&](std::size_t) {
      ++count(requests);
      return reply();
    });
    TokenSource tokens(client(), key_, table_, transport, clock_);
    ++count(started);
    for (int i = 0; i < subjects; ++i) {
      if (!tokens.token_for(std::to_string(i) + kSubject)) return false;
      ++count(given);
    }
    return true;
  }
  static oauth::HttpReply soon() {
    std::this_thread::sleep_for(20ms);
    return oauth::granted("00D!token");
  }
  AccessToken token(const Secret& value) {
    const UnixTime now = clock_.now();
    return {value, "https://acme.my.salesforce.com", now, now + 1h, now + 12h};
  }

  keys::SigningKey key_ = test_key();
  SystemClock clock_;
  keys::SharedMemory memory_{TokenTable::bytes(kShape)};
  keys::SharedMemory counters_{kCounters * sizeof(std::uint64_t)};
  keys::RobustLocks locks_;
  TokenTable table_{memory_.words(), kShape, locks_, clock_};
};

TEST_F(TokenTableProcesses, OneSubjectIsOneRequestInAllOfThem) {
  std::list<keys::Child> children;
  for (int i = 0; i < 8; ++i) children.emplace_back([&] { return use(1, soon); });
  for (keys::Child& child : children) EXPECT_TRUE(child.succeeded());
  EXPECT_EQ(count(requests), 1U);
}

TEST_F(TokenTableProcesses, FiftySubjectsAreFiftyRequests) {
  std::list<keys::Child> children;
  for (int i = 0; i < 4; ++i)
    children.emplace_back([&] { return use(50, [] { return oauth::granted("00D!token"); }); });
  for (keys::Child& child : children) EXPECT_TRUE(child.succeeded());
  EXPECT_EQ(count(requests), 50U);
}

TEST_F(TokenTableProcesses, AnotherTakesOverFromOneThatIsKilledAndThoseWhoWaitAreServed) {
  keys::Child fetcher([&] {
    return use(1, [] {
      pause();
      return oauth::granted("never");
    });
  });
  await(requests, 1);
  std::list<keys::Child> others;
  for (int i = 0; i < 3; ++i) others.emplace_back([&] { return use(1, soon); });
  await(started, 4);
  fetcher.kill_now();
  for (keys::Child& child : others) EXPECT_TRUE(child.succeeded());
  EXPECT_EQ(count(requests), 2U);
}

TEST_F(TokenTableProcesses, AWriterMayBeKilledAtAnyMoment) {
  const TokenKey at{};
  const auto write_for_ever = [&] {
    Secret held;
    for (std::uint64_t i = 0;; ++i) {
      const auto answer = table_.get_or_claim(at, 1h, &held);
      if (!claim_in(answer) && !token_in(answer)) return false;
      if (!claim_in(answer)) {  // the token of the writer before, which serves until there is another one
        held = token_in(answer)->value;
        continue;
      }
      held = Secret(std::string(1 + i % 200, static_cast<char>('a' + i % 26)));
      table_.put(at, *claim_in(answer), token(held));
      table_.update(at, token(held));
      ++count(started);
    }
  };
  for (std::uint64_t round = 0; round < 100; ++round) {
    count(started) = 0;
    keys::Child writer(write_for_ever);
    await(started, 1 + round % 7);
    writer.kill_now();
    auto answer = table_.get_or_claim(at, 1h, nullptr);
    if (state_of(answer) == State::fresh) {
      const Secret held = token_in(answer)->value;
      EXPECT_EQ(held.reveal().find_first_not_of(held.reveal()[0]), std::string_view::npos) << "torn";
      answer = table_.get_or_claim(at, 1h, &held);
    }
    ASSERT_EQ(state_of(answer), State::claimed);
    table_.fail(at, *claim_in(answer), oauth::TokenError{}, 0s);
  }
}

TEST_F(TokenTableProcesses, ATokenStaysWhenEveryProcessThatKnewItIsGone) {
  EXPECT_TRUE(keys::Child([&] { return use(1, soon); }).succeeded());
  EXPECT_TRUE(keys::Child([&] { return use(1, soon); }).succeeded());
  EXPECT_EQ(count(requests), 1U);
}

TEST_F(TokenTableProcesses, ATableOfAnotherShapeOrVersionIsNotTakenForOurs) {
  EXPECT_TRUE(TokenTable::is_in(memory_.words(), kShape));
  EXPECT_FALSE(TokenTable::is_in(memory_.words(), {kShape.entries, 512}));
  EXPECT_THROW(TokenTable(memory_.words(), {2048, 480}, locks_, clock_), std::invalid_argument);
  memory_.words()[layout::version] = layout::kVersion - 1;
  EXPECT_FALSE(TokenTable::is_in(memory_.words(), kShape));
}

}  // namespace
}  // namespace sfjwt::tokens
