// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/login_table.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "mod_sfjwt/login/login_table_layout.h"
#include "tests/unit/keys/processes.h"

namespace sfjwt::login {
namespace {

using namespace std::chrono_literals;

constexpr UnixMilliseconds kNow{1'700'000'000'500ms};
constexpr UnixTime kSecond{1'700'000'000s};
constexpr auto kJane = "jane@corp.example";
constexpr auto kRealm = "realm";

class LoginTableTest : public ::testing::Test {
 protected:
  std::byte* bytes() const { return reinterpret_cast<std::byte*>(memory_.words()); }

  keys::SharedMemory memory_{LoginTable::bytes()};
};

TEST_F(LoginTableTest, IsMadeInNewMemoryAndFoundAgain) {
  EXPECT_FALSE(LoginTable::is_in(bytes(), LoginTable::bytes()));
  const LoginTable first(bytes(), LoginTable::bytes());
  EXPECT_TRUE(LoginTable::is_in(bytes(), LoginTable::bytes()));
  const Handle handle = first.new_handle(kJane, {}, kNow, 2h);
  first.revocations().revoke(handle, kSecond);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(first.attempts().begin(kJane, "192.0.2.1", {}));
  const LoginTable again(bytes(), LoginTable::bytes());
  EXPECT_EQ(again.key(), first.key());
  EXPECT_TRUE(again.revocations().revoked(handle));
  EXPECT_FALSE(again.attempts().begin(kJane, "192.0.2.1", {}));
}

TEST_F(LoginTableTest, HasAKeyOfItsOwn) {
  const LoginTable table(bytes(), LoginTable::bytes());
  const keys::SharedMemory other(LoginTable::bytes());
  const LoginTable another(reinterpret_cast<std::byte*>(other.words()), LoginTable::bytes());
  EXPECT_EQ(table.key().size(), keys::Seal::kKeyBytes);
  EXPECT_FALSE(table.key() == another.key());
  EXPECT_FALSE(table.key() == Secret(std::string(keys::Seal::kKeyBytes, '\0')));
  EXPECT_TRUE(HandleSeal({table.key()}).seal(table.new_handle(kJane, {}, kNow, 2h), kRealm).size());
}

TEST_F(LoginTableTest, OfAnotherVersionOrSizeIsNotTakenForOurs) {
  const LoginTable table(bytes(), LoginTable::bytes());
  EXPECT_FALSE(LoginTable::is_in(bytes(), LoginTable::bytes() - 8));
  EXPECT_THROW(LoginTable(bytes(), LoginTable::bytes() - 8), std::invalid_argument);
  for (const auto word : {layout::magic, layout::version, layout::size}) {
    ++memory_.words()[word];
    EXPECT_FALSE(LoginTable::is_in(bytes(), LoginTable::bytes()));
    EXPECT_THROW(LoginTable(bytes(), LoginTable::bytes()), std::invalid_argument);
    --memory_.words()[word];
  }
  EXPECT_TRUE(LoginTable::is_in(bytes(), LoginTable::bytes()));
}

TEST_F(LoginTableTest, GivesHandlesThatLiveAsLongAsToldAndAreNotRevoked) {
  const LoginTable table(bytes(), LoginTable::bytes());
  const Handle handle = table.new_handle(kJane, caller_digest("etl"), kNow, 2h);
  EXPECT_EQ(handle.subject, kJane);
  EXPECT_EQ(handle.issued_at, kNow);
  EXPECT_EQ(handle.expires_at, kSecond + 1s + 2h);
  EXPECT_EQ(handle.caller, caller_digest("etl"));
  for (int i = 0; i < 300; ++i) {
    const Handle next = table.new_handle(kJane, {}, kNow, 2h);
    ASSERT_FALSE(table.revocations().revoked(next)) << i;
    table.revocations().revoke(next, kSecond);
    ASSERT_TRUE(table.revocations().revoked(next)) << i;
  }
}

TEST_F(LoginTableTest, IsSharedByProcesses) {
  const LoginTable table(bytes(), LoginTable::bytes());
  const HandleSeal seal({table.key()});
  const Handle handle = table.new_handle(kJane, {}, kNow, 2h);
  const std::string text(seal.seal(handle, kRealm).reveal());
  keys::Child child([&] {
    const LoginTable its(bytes(), LoginTable::bytes());
    const auto opened = HandleSeal({its.key()}).open(text, kRealm, kSecond);
    if (!opened || its.revocations().revoked(*opened)) return false;
    its.revocations().revoke(*opened, kSecond);
    return true;
  });
  EXPECT_TRUE(child.succeeded());
  EXPECT_TRUE(table.revocations().revoked(handle));
}

}  // namespace
}  // namespace sfjwt::login
