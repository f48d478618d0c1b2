// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/memory_limit.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sfjwt {
namespace {

constexpr std::uint64_t kMachine = std::uint64_t{8} << 30;

/// A machine of 8 GB, with the files a test writes.
class MemoryLimit : public testing::Test {
 protected:
  MemoryLimit() { write("proc/meminfo", "MemTotal:        8388608 kB\nMemFree:          123456 kB\n"); }
  ~MemoryLimit() override { std::filesystem::remove_all(root_); }

  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }

  const std::filesystem::path root_ = [] {
    std::string name = std::filesystem::temp_directory_path() / "memory_limit.XXXXXX";
    return std::filesystem::path(mkdtemp(name.data()));
  }();
};

TEST_F(MemoryLimit, IsThatOfTheMachineWhereNoGroupHasOne) {
  EXPECT_EQ(memory_limit(root_), kMachine);
  write("proc/self/cgroup", "0::/web\n");
  write("sys/fs/cgroup/web/memory.max", "max\n");
  EXPECT_EQ(memory_limit(root_), kMachine);
}

TEST_F(MemoryLimit, IsThatOfTheGroupOfTheProcess) {
  write("proc/self/cgroup", "0::/system.slice/apache2.service\n");
  write("sys/fs/cgroup/system.slice/apache2.service/memory.max", "536870912\n");
  EXPECT_EQ(memory_limit(root_), 536870912U);
}

TEST_F(MemoryLimit, IsTheLeastOfAGroupAndThoseAboveIt) {
  write("proc/self/cgroup", "0::/a/b\n");
  write("sys/fs/cgroup/a/memory.max", "1000000\n");
  write("sys/fs/cgroup/a/b/memory.max", "2000000\n");
  EXPECT_EQ(memory_limit(root_), 1000000U);
}

TEST_F(MemoryLimit, IsThatOfTheMountedRootInAContainerThatNamesTheGroupOfTheHost) {
  write("proc/self/cgroup", "0::/docker/0123abcd\n");
  write("sys/fs/cgroup/memory.max", "3000000\n");
  EXPECT_EQ(memory_limit(root_), 3000000U);
}

TEST_F(MemoryLimit, ReadsGroupsOfVersion1) {
  write("proc/self/cgroup", "7:pids:/x\n5:cpu,memory:/lxc/web\n1:name=systemd:/x\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(memory_limit(root_), kMachine);
  write("sys/fs/cgroup/memory/lxc/memory.limit_in_bytes", "4000000\n");
  EXPECT_EQ(memory_limit(root_), 4000000U);
}

TEST_F(MemoryLimit, DoesNotFollowAGroupOutsideOfWhatIsMounted) {
  write("proc/self/cgroup", "0::/../../outside\n");
  write("sys/outside/memory.max", "1\n");
  EXPECT_EQ(memory_limit(root_), kMachine);
}

TEST_F(MemoryLimit, IsUnknownWhereNothingCanBeRead) {
  EXPECT_EQ(memory_limit(root_ / "nowhere"), 0U);
}

}  // namespace
}  // namespace sfjwt
