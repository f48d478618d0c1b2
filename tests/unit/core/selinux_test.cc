// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/selinux.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace sfjwt {
namespace {

class SelinuxTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }
  std::string remedy(int error, const char* enforce) const {
    std::ofstream(file_) << enforce;
    return selinux_remedy(error, file_);
  }

  const std::string file_ = ::testing::TempDir() + "sfjwt-enforce-" + std::to_string(::getpid());
};

TEST_F(SelinuxTest, APermissionThatSelinuxDeniesIsNamedWithTheBoolean) {
  constexpr const char* kRemedy =
      "SELinux does not let httpd connect: run setsebool -P httpd_can_network_connect on";
  EXPECT_EQ(remedy(EACCES, "1"), kRemedy);
  EXPECT_EQ(remedy(EPERM, "1"), kRemedy);
}

TEST_F(SelinuxTest, OtherErrorsAreNotOfSelinux) {
  EXPECT_EQ(remedy(ECONNREFUSED, "1"), "");
  EXPECT_EQ(remedy(0, "1"), "");
}

TEST_F(SelinuxTest, WhereItOnlyWarnsOrIsAbsentItDeniesNothing) {
  EXPECT_EQ(remedy(EACCES, "0"), "");
  EXPECT_EQ(remedy(EACCES, ""), "");
  EXPECT_EQ(selinux_remedy(EACCES, "/nonexistent/enforce"), "");
}

}  // namespace
}  // namespace sfjwt
