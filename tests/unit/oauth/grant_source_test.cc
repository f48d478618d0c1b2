// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/grant_source.h"

#include <gtest/gtest.h>

#include "mod_sfjwt/core/base64url.h"
#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "tests/unit/core/fake_clock.h"
#include "tests/unit/keys/key_files.h"
#include "tests/unit/oauth/scripted_transport.h"

namespace sfjwt::oauth {
namespace {

using namespace std::chrono_literals;

// One key with several ids: the server of these tests distinguishes keys by their id.
keys::SigningKey key_named(const std::string& id) {
  static const keys::SigningKey key = [] {
    const keys::TemporaryFolder folder;
    return *keys::SigningKey::load(folder.file("key.pem", keys::private_pem(keys::rsa_key())));
  }();
  return key.named(id);
}

// A token endpoint that accepts the assertions of one key, identified by its id.
class GrantSourceTest : public ::testing::Test {
 protected:
  GrantSourceTest() {
    client_.provider = &gateway::kSalesforce.provider;
    client_.token_endpoint = "https://login.salesforce.com/services/oauth2/token";
    client_.client_id = "3MVG9.example";
    client_.audience = "https://login.salesforce.com";
    client_.allowed_instances = gateway::default_hosts();
  }

  ScriptedTransport::Answer answer(std::size_t call) {
    const std::string form = server_.form(call);
    const auto begin = form.find("&assertion=") + 11;
    const auto header = base64url_decoded(form.substr(begin, form.find('.') - begin));
    const bool taken = header && header->find("\"kid\":\"" + taken_ + "\"") != std::string::npos;
    return taken ? granted("00D!token") : refused("invalid_grant", "invalid assertion");
  }

  Client client_;
  FakeClock clock_;
  FetchCounters counters_;
  std::string taken_ = "first";
  ScriptedTransport server_{[this](std::size_t call) { return answer(call); }};
  GrantSource both_{client_, keys::SigningKeys(key_named("first"), key_named("second")), server_, clock_,
                    &counters_};
};

TEST_F(GrantSourceTest, TheFirstKeySignsWhileItIsTaken) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(both_.grant_for("jane@corp.example"));
  EXPECT_EQ(server_.calls(), 3U);
  EXPECT_EQ(counters_.granted, 3U);
  EXPECT_EQ(counters_.other_key, 0U);
}

TEST_F(GrantSourceTest, ARotationCostsOneRequestMoreAndNoFailure) {
  taken_ = "second";
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(both_.grant_for("user" + std::to_string(i) + "@corp.example"));
  EXPECT_EQ(server_.calls(), 21U);
  EXPECT_EQ(counters_.granted, 20U);
  EXPECT_EQ(counters_.other_key, 1U);
  EXPECT_EQ(counters_.failures(FetchFailure::assertion), 0U);
}

TEST_F(GrantSourceTest, WithNeitherKeyTakenTheRefusalIsTheAnswerAndCostsNoStorm) {
  EXPECT_TRUE(both_.grant_for("jane@corp.example"));
  taken_ = "third";
  for (int i = 0; i < 5; ++i) {
    const auto grant = both_.grant_for("user" + std::to_string(i) + "@corp.example");
    ASSERT_FALSE(grant.has_value());
    EXPECT_EQ(grant.error().cause, FetchFailure::assertion);
  }
  EXPECT_EQ(server_.calls(), 1 + 6U);
  EXPECT_EQ(counters_.failures(FetchFailure::assertion), 5U);
}

TEST_F(GrantSourceTest, OtherRefusalsAreNotTheKeysFault) {
  ScriptedTransport refuses([](std::size_t) { return refused("invalid_grant", "user is locked"); });
  GrantSource grants(client_, keys::SigningKeys(key_named("a"), key_named("b")), refuses, clock_, &counters_);
  EXPECT_FALSE(grants.grant_for("jane@corp.example"));
  EXPECT_EQ(refuses.calls(), 1U);
  EXPECT_EQ(counters_.failures(FetchFailure::user), 1U);
}

// A server that fails once in the same way as the script says, and grants then.
class RetryTest : public GrantSourceTest {
 protected:
  using Cause = TransportError::Cause;
  using Answer = ScriptedTransport::Answer;

  static Answer broken(Cause cause) { return Unexpected{TransportError{cause, "why"}}; }
  std::size_t requests_after(const Answer& first) {
    ScriptedTransport server([&](std::size_t call) { return call == 0 ? first : granted("00D!token"); });
    GrantSource grants(client_, key_named("first"), server, clock_, &counters_);
    granted_ = grants.grant_for("jane@corp.example").has_value();
    return server.calls();
  }

  bool granted_ = false;
};

TEST_F(RetryTest, WhatMayBeOverInAMomentIsTriedOnceMore) {
  for (const Answer& first : {Answer(reply_of(500, "")), Answer(reply_of(503, "<html>")),
                              Answer(reply_of(502, R"({"error":"server_error"})")),
                              broken(Cause::unreachable), broken(Cause::protocol)}) {
    EXPECT_EQ(requests_after(first), 2U);
    EXPECT_TRUE(granted_);
  }
  EXPECT_EQ(counters_.repeated, 5U);
  EXPECT_EQ(counters_.granted, 5U);
}

TEST_F(RetryTest, WhatIsNotOverInAMomentIsNotTriedAgain) {
  for (const Answer& first :
       {Answer(reply_of(429, "")), Answer(reply_of(408, "")),
        Answer(refused("invalid_grant", "user is locked")),
        Answer(refused("rate_limit_exceeded", "login rate exceeded")), Answer(reply_of(302, "")),
        broken(Cause::timed_out), broken(Cause::tls), broken(Cause::too_large)}) {
    EXPECT_EQ(requests_after(first), 1U);
    EXPECT_FALSE(granted_);
  }
  EXPECT_EQ(counters_.repeated, 0U);
}

TEST_F(RetryTest, AServerThatAsksForAPauseIsNotAskedBeforeItsEnd) {
  HttpReply busy = reply_of(503, "");
  busy.retry_after_seconds = 1;
  EXPECT_EQ(requests_after(busy), 1U);
}

TEST_F(RetryTest, ItComesAfterAHundredToThreeHundredMilliseconds) {
  for (int i = 0; i < 100; ++i) {
    const auto before = clock_.slept();
    EXPECT_EQ(requests_after(reply_of(503, "")), 2U);
    EXPECT_GE(clock_.slept() - before, 100ms);
    EXPECT_LE(clock_.slept() - before, 300ms);
  }
}

TEST_F(RetryTest, ItFailsOnceForTheCounters) {
  ScriptedTransport down([](std::size_t) { return reply_of(503, ""); });
  GrantSource grants(client_, key_named("first"), down, clock_, &counters_);
  EXPECT_FALSE(grants.grant_for("jane@corp.example"));
  EXPECT_EQ(down.calls(), 2U);
  EXPECT_EQ(counters_.failures(FetchFailure::server), 1U);
}

TEST_F(RetryTest, ItEndsWithinTheTimeLimitOfBothOrIsNotSent) {
  for (const auto& [takes, calls] : {std::pair(3'000ms, 2U), std::pair(7'500ms, 1U)}) {
    ScriptedTransport slow([&, time = takes](std::size_t) {
      clock_.advance(time);
      return reply_of(503, "");
    });
    GrantSource grants(client_, key_named("first"), slow, clock_, &counters_);
    EXPECT_FALSE(grants.grant_for("jane@corp.example"));
    ASSERT_EQ(slow.calls(), calls);
    EXPECT_LE(slow.limit(calls - 1),
              calls == 1 ? std::chrono::milliseconds::max() : client_.request_limit - takes - 100ms);
  }
}

// What the transport reports is curl's wording, which may quote a header.
TEST_F(GrantSourceTest, AnErrorThatRepeatsTheAssertionIsNotShown) {
  const ScriptedTransport* server = nullptr;
  ScriptedTransport echoes([&server](std::size_t call) -> ScriptedTransport::Answer {
    const std::string form = server->form(call);
    const std::string assertion = form.substr(form.find("&assertion=") + 11);
    return Unexpected{
        TransportError{TransportError::Cause::protocol, "bad header " + assertion.substr(30, 12)}};
  });
  server = &echoes;
  GrantSource grants(client_, key_named("a"), echoes, clock_, nullptr);
  EXPECT_EQ(
      grants.grant_for("jane@corp.example").error().message,
      "The token endpoint failed with a text that repeats a part of what was sent to it, and is not shown "
      "for that reason. Setup > Login History may name the cause.");
}

TEST_F(GrantSourceTest, AnErrorThatRepeatsTheClientSecretIsNotShown) {
  client_.client_secret = Secret("0123456789ABCDEF");
  ScriptedTransport echoes([](std::size_t) -> ScriptedTransport::Answer {
    return Unexpected{TransportError{TransportError::Cause::protocol, "bad header 01 23 45 67"}};
  });
  GrantSource grants(client_, key_named("a"), echoes, clock_, nullptr);
  EXPECT_EQ(grants.grant_for("jane@corp.example").error().message.find("01 23"), std::string::npos);
}

TEST_F(GrantSourceTest, OneKeyIsAskedWithOnceEach) {
  taken_ = "third";
  GrantSource only(client_, key_named("first"), server_, clock_, nullptr);
  EXPECT_FALSE(only.grant_for("jane@corp.example"));
  EXPECT_EQ(server_.calls(), 1U);
}

}  // namespace
}  // namespace sfjwt::oauth
