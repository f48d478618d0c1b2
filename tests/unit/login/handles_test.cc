// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/handles.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/unit/core/fake_clock.h"
#include "tests/unit/keys/processes.h"

namespace sfjwt::login {
namespace {

using std::chrono::seconds;

class HandlesTest : public testing::Test {
 protected:
  Handles handles(const std::string& realm = "", bool bound = false) const {
    return {{realm, seconds(600), bound}, seal_, table_, clock_};
  }
  static std::string why(const Result<Handle, const char*>& refused) {
    return refused ? "accepted" : refused.error();
  }

  keys::SharedMemory memory_{LoginTable::bytes()};
  LoginTable table_{reinterpret_cast<std::byte*>(memory_.words()), LoginTable::bytes()};
  HandleSeal seal_{{table_.key()}};
  FakeClock clock_;
  const Handles::Place here_{"jane", "/a/"};
  const Handles::Place there_{"jane", "/b/"};
};

TEST_F(HandlesTest, AcceptsWhatItIssued) {
  const Secret text = handles().issue("jane@corp.example", here_);
  const auto handle = handles().accept(text.reveal(), here_);
  ASSERT_TRUE(handle) << handle.error();
  EXPECT_EQ(handle->subject, "jane@corp.example");
  EXPECT_EQ(handle->expires_at, clock_.now() + seconds(600));
}

TEST_F(HandlesTest, NoneOfAnotherSection) {
  const Secret text = handles().issue("jane@corp.example", here_);
  EXPECT_FALSE(handles().accept(text.reveal(), there_));
}

TEST_F(HandlesTest, SectionsOfOneRealmAcceptEachOthers) {
  const Secret text = handles("corp").issue("jane@corp.example", here_);
  EXPECT_TRUE(handles("corp").accept(text.reveal(), there_));
  EXPECT_FALSE(handles("other").accept(text.reveal(), here_));
  EXPECT_FALSE(handles().accept(text.reveal(), {"jane", "corp"}));
}

TEST_F(HandlesTest, NoneThatHasExpired) {
  const Secret text = handles().issue("jane@corp.example", here_);
  clock_.advance(seconds(600));
  EXPECT_EQ(why(handles().accept(text.reveal(), here_)), "it has expired");
}

TEST_F(HandlesTest, NoneThatIsRevoked) {
  const Secret first = handles().issue("jane@corp.example", here_);
  const Secret second = handles().issue("jane@corp.example", here_);
  handles().revoke(handles().accept(first.reveal(), here_).value());
  EXPECT_EQ(why(handles().accept(first.reveal(), here_)), "it was revoked by a logout");
  EXPECT_TRUE(handles().accept(second.reveal(), here_));
}

TEST_F(HandlesTest, OneThatIsBoundIsOfItsCallerAlone) {
  const Secret text = handles("", true).issue("jane@corp.example", here_);
  EXPECT_TRUE(handles("", true).accept(text.reveal(), here_));
  EXPECT_EQ(why(handles("", true).accept(text.reveal(), {"joe", "/a/"})), "it was issued to another caller");
  EXPECT_FALSE(handles("", false).accept(text.reveal(), here_));
  const Secret unbound = handles("", false).issue("jane@corp.example", here_);
  EXPECT_FALSE(handles("", true).accept(unbound.reveal(), here_));
}

}  // namespace
}  // namespace sfjwt::login
