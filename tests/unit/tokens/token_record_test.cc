// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/token_record.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace sfjwt::tokens {
namespace {

using namespace std::chrono_literals;

AccessToken token() {
  const UnixTime now{1'700'000'000s};
  AccessToken made{Secret("00D!secret"), "https://acme.my.salesforce.com", now, now + 55min, now + 12h};
  made.renew_at = now + 11h;
  made.unproven = true;
  made.renewals = {now + 1min, 8s, now + 20s};
  return made;
}

ClaimRecord failed_claim(std::string message) {
  ClaimRecord claim;
  claim.generation = 7;
  claim.after_failure = true;
  claim.failed_at = 1'234;
  claim.failed_until = 12'345;
  claim.configuration = 3;
  claim.error = oauth::TokenError{oauth::TokenError::Class::subject, "invalid_grant", std::move(message), 17,
                                  oauth::FetchFailure::user};
  return claim;
}

template <class What>
std::vector<std::byte> record_of(const What& what, std::size_t room = 1000) {
  std::vector<std::byte> bytes(room);
  const auto size = write_record(what, bytes);
  bytes.resize(size.value_or(0));
  return bytes;
}

TEST(TokenRecord, ATokenComesBackWhole) {
  const auto back = read_token(record_of(token()));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->value, token().value);
  EXPECT_EQ(back->instance_url, token().instance_url);
  EXPECT_EQ(back->issued_at, token().issued_at);
  EXPECT_EQ(back->expires_at, token().expires_at);
  EXPECT_EQ(back->not_after, token().not_after);
  EXPECT_EQ(back->renew_at, token().renew_at);
  EXPECT_EQ(back->unproven, token().unproven);
  EXPECT_EQ(back->renewals.paused_until, token().renewals.paused_until);
  EXPECT_EQ(back->renewals.pause, token().renewals.pause);
  EXPECT_EQ(back->renewals.paid_until, token().renewals.paid_until);
}

TEST(TokenRecord, ASharedTokenIsTheSameBytesOnEveryMachine) {
  AccessToken few{Secret("00D!s"), "https://a", UnixTime{1s}, UnixTime{2s}, UnixTime{0x0302s}};
  const auto record = record_of(SharedToken{few, UnixTime{4s}});
  const std::string text(reinterpret_cast<const char*>(record.data()), record.size());
  const std::string zeros(7, '\0');
  EXPECT_EQ(text, "\x01" + zeros + "\x02\x03" + zeros.substr(1) + "\x04" + zeros + std::string(8, '\0') +
                      "\x09" + zeros + "https://a" + "\x05" + zeros + "00D!s");
}

TEST(TokenRecord, ASharedTokenComesBackWithoutWhatIsOfOneGateway) {
  const auto back = read_shared_token(record_of(SharedToken{token(), token().issued_at + 5min}));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->token.value, token().value);
  EXPECT_EQ(back->token.instance_url, token().instance_url);
  EXPECT_EQ(back->token.issued_at, token().issued_at);
  EXPECT_EQ(back->token.not_after, token().not_after);
  EXPECT_EQ(back->used_at, token().issued_at + 5min);
  EXPECT_TRUE(back->token.unproven);
  EXPECT_EQ(back->token.renewals.paused_until, UnixTime{});
}

TEST(TokenRecord, APartOfASharedTokenIsNone) {
  auto record = record_of(SharedToken{token(), token().issued_at});
  for (std::size_t size = 0; size < record.size(); ++size)
    EXPECT_FALSE(read_shared_token(std::span(record).first(size)));
  record.emplace_back();
  EXPECT_FALSE(read_shared_token(record));
}

TEST(TokenRecord, ARunningClaimComesBackWhole) {
  const auto back = read_claim(record_of(ClaimRecord{1, 2, 3, 4, false, 0, 0, 0, {}}));
  ASSERT_TRUE(back);
  EXPECT_EQ(std::tuple(back->generation, back->started, back->lease_end, back->owner),
            std::tuple(1U, 2, 3, 4));
  EXPECT_FALSE(back->after_failure || back->error);
}

TEST(TokenRecord, AFailureComesBackWhole) {
  const auto back = read_claim(record_of(failed_claim("why, and what to do")));
  ASSERT_TRUE(back && back->error);
  EXPECT_TRUE(back->after_failure);
  EXPECT_EQ(back->failed_at, 1'234);
  EXPECT_EQ(back->failed_until, 12'345);
  EXPECT_EQ(back->configuration, 3);
  EXPECT_EQ(back->error->error_class, oauth::TokenError::Class::subject);
  EXPECT_EQ(back->error->cause, oauth::FetchFailure::user);
  EXPECT_EQ(back->error->code, "invalid_grant");
  EXPECT_EQ(back->error->message, "why, and what to do");
  EXPECT_EQ(back->error->retry_after_seconds, 17);
}

TEST(TokenRecord, EachIsAsLargeAsItIsDrawn) {
  const std::size_t texts = token().instance_url.size() + token().value.size();
  EXPECT_EQ(record_of(token()).size(), 80 + texts);
  EXPECT_EQ(record_of(SharedToken{token(), token().issued_at}).size(), 48 + texts);
  EXPECT_EQ(record_of(ClaimRecord{}).size(), 72U);
  EXPECT_EQ(record_of(failed_claim("why")).size(), 72 + 40 + std::string_view("invalid_grantwhy").size());
}

TEST(TokenRecord, ATokenThatDoesNotFitIsNotWritten) {
  std::vector<std::byte> room(record_of(token()).size() - 1);
  EXPECT_FALSE(write_record(token(), room));
}

TEST(TokenRecord, AMessageThatDoesNotFitIsCut) {
  const auto back = read_claim(record_of(failed_claim(std::string(2000, 'm')), 500));
  ASSERT_TRUE(back && back->error);
  EXPECT_GT(back->error->message.size(), 300U);
  EXPECT_TRUE(back->error->message.ends_with("mmm..."));
}

TEST(TokenRecord, APartOfARecordIsNone) {
  for (const auto& whole : {record_of(token()), record_of(failed_claim("why"))}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_FALSE(read_token(std::span(whole).first(size))) << size;
      EXPECT_FALSE(read_claim(std::span(whole).first(size))) << size;
    }
  }
}

TEST(TokenRecord, AnyByteMayBeWrong) {
  for (const auto& whole : {record_of(token()), record_of(failed_claim("why"))}) {
    for (std::size_t place = 0; place < whole.size(); ++place) {
      for (const int wrong : {0, 1, 0x7F, 0x80, 0xFF}) {
        auto record = whole;
        record[place] = static_cast<std::byte>(wrong);
        static_cast<void>(read_token(record));
        static_cast<void>(read_claim(record));
      }
    }
  }
}

}  // namespace
}  // namespace sfjwt::tokens
