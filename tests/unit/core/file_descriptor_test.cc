// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/file_descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <utility>

namespace sfjwt {
namespace {

bool is_open(int number) {
  return ::fcntl(number, F_GETFD) >= 0;
}
FileDescriptor null_device() {
  return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

TEST(FileDescriptor, IsClosedAtItsEnd) {
  int number = -1;
  {
    const FileDescriptor file = null_device();
    number = file.number();
    EXPECT_TRUE(file && is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(FileDescriptor, MovesWithItsOwner) {
  FileDescriptor first = null_device();
  const int number = first.number();
  FileDescriptor second = null_device();
  const int replaced = second.number();
  second = std::move(first);
  EXPECT_EQ(second.number(), number);
  EXPECT_TRUE(is_open(number));
  EXPECT_FALSE(is_open(replaced));
}

TEST(FileDescriptor, OfAFailedCallIsNone) {
  EXPECT_FALSE(FileDescriptor(::open("/nonexistent", O_RDONLY | O_CLOEXEC)));
}

TEST(FileDescriptor, ClosingIsDoneOnceAndLeavesErrno) {
  FileDescriptor file = null_device();
  errno = ERANGE;
  file.close();
  file.close();
  EXPECT_FALSE(file);
  EXPECT_EQ(errno, ERANGE);
}

}  // namespace
}  // namespace sfjwt
