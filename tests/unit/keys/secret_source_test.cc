// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/secret_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/keys/key_files.h"

namespace sfjwt::keys {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(SecretSource, IsAFileOrAProgramWithItsPath) {
  for (const char* right : {"file:/a", "file:a b", "exec:/bin/true", "exec:/bin/echo a b"}) {
    EXPECT_FALSE(source_problem(right)) << right;
  }
  for (const char* wrong :
       {"", "file:", "exec:", "exec:true", "exec: /bin/true", "FILE:/a", "/a", "secret", "env:A"}) {
    EXPECT_TRUE(source_problem(wrong)) << wrong;
    EXPECT_FALSE(read_secret_source(wrong).has_value()) << wrong;
  }
}

TEST(SecretSource, AFileHoldsTheSecretAsItsOnlyLine) {
  const TemporaryFolder folder;
  for (const char* content : {"pass word", "pass word\n", "pass word\r\n"}) {
    const auto read = read_secret_source("file:" + folder.file("secret", content));
    EXPECT_EQ(read->secret.reveal(), "pass word");
    EXPECT_FALSE(read->warning);
  }
  EXPECT_EQ(read_secret_source("file:" + folder.file("secret", "p\xC3\xA4ss"))->secret.reveal(),
            "p\xC3\xA4ss");
}

TEST(SecretSource, WhatIsNoLineIsRefusedAndNotShown) {
  const TemporaryFolder folder;
  for (const std::string content : {"", "\n", "\r\n", "CANARY\nCANARY\n", "CANARY\n\n", "CANARY\tx",
                                    "\xEF\xBB\xBF"
                                    "CANARY"}) {
    const auto read = read_secret_source("file:" + folder.file("secret", content));
    ASSERT_FALSE(read.has_value()) << content;
    EXPECT_THAT(read.error(), AllOf(HasSubstr(folder.path("secret")), Not(HasSubstr("CANARY"))));
  }
  EXPECT_FALSE(only_line(std::string_view("a\0b", 3)).has_value());
}

TEST(SecretSource, AFileEverybodyCanReadIsAWarning) {
  const TemporaryFolder folder;
  const auto file = folder.file("secret", "word");
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  EXPECT_THAT(read_secret_source("file:" + file)->warning.value_or(""), HasSubstr("0644"));
}

TEST(SecretSource, AFileThatAGroupCanReadIsAWarningUnlessItIsRootsOwn) {
  const TemporaryFolder folder;
  const auto file = folder.file("secret", "word");
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::chown(file.c_str(), 0, 1), 0);
  }
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  EXPECT_THAT(read_secret_source("file:" + file)->warning.value_or(""),
              AllOf(HasSubstr("group "), HasSubstr("can read this file"), HasSubstr("0640")));
  ASSERT_EQ(::chmod(file.c_str(), 0620), 0);
  EXPECT_THAT(read_secret_source("file:" + file)->warning.value_or(""), HasSubstr("can replace this file"));
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  EXPECT_EQ(read_secret_source("file:" + file)->warning, std::nullopt);
  if (root) {
    ASSERT_EQ(::chown(file.c_str(), 0, 0), 0);
    ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
    EXPECT_EQ(read_secret_source("file:" + file)->warning, std::nullopt);
  }
}

TEST(SecretSource, AProgramIsNamedWithoutItsArguments) {
  EXPECT_EQ(read_secret_source("exec:/bin/echo  pass   word")->secret.reveal(), "pass word");
  EXPECT_THAT(read_secret_source("exec:/bin/false CANARY").error(),
              AllOf(HasSubstr("/bin/false ended with status 1"), Not(HasSubstr("CANARY"))));
  EXPECT_THAT(read_secret_source("exec:/bin/true CANARY").error(),
              AllOf(HasSubstr("/bin/true holds nothing"), Not(HasSubstr("CANARY"))));
}

}  // namespace
}  // namespace sfjwt::keys
