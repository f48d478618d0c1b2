// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/growing_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <new>
#include <string>

namespace sfjwt {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

std::size_t pages_of_process() {
  std::size_t all = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident;
}

TEST(GrowingBuffer, KeepsWhatStandsInItWhenItGrows) {
  GrowingBuffer buffer;
  std::string expected;
  for (const std::size_t size : {std::size_t{1}, std::size_t{4096}, GrowingBuffer::kMappedBytes - 1,
                                 GrowingBuffer::kMappedBytes, 3 * kMegabyte + 17, 9 * kMegabyte}) {
    buffer.grow_to(size);
    ASSERT_EQ(buffer.capacity(), size);
    EXPECT_EQ(std::string(buffer.data(), expected.size()), expected);
    while (expected.size() < size) expected += static_cast<char>('a' + expected.size() % 23);
    expected.copy(buffer.data(), size);
  }
}

TEST(GrowingBuffer, DoesNotShrink) {
  GrowingBuffer buffer;
  buffer.grow_to(100);
  buffer.grow_to(10);
  EXPECT_EQ(buffer.capacity(), 100U);
}

TEST(GrowingBuffer, StaysAsItWasWhenThereIsNoMemory) {
  for (const std::size_t size : {std::size_t{5}, kMegabyte}) {
    GrowingBuffer buffer;
    buffer.grow_to(size);
    buffer.data()[size - 1] = 'x';
    EXPECT_THROW(buffer.grow_to(std::size_t{1} << 60), std::bad_alloc);
    EXPECT_EQ(buffer.capacity(), size);
    EXPECT_EQ(buffer.data()[size - 1], 'x');
  }
}

TEST(GrowingBuffer, GivesLargeBlocksBackToTheSystem) {
  const std::size_t before = pages_of_process();
  for (int i = 0; i < 3; ++i) {
    GrowingBuffer buffer;
    for (std::size_t size = kMegabyte; size <= 16 * kMegabyte; size += kMegabyte) {
      buffer.grow_to(size);
      std::fill(buffer.data() + size - kMegabyte, buffer.data() + size, 'x');
    }
  }
  EXPECT_LT(pages_of_process(), before + kMegabyte / 4096);
}

TEST(GrowingBuffer, CanBeUsedAgainWhenItWasCleared) {
  GrowingBuffer buffer;
  buffer.grow_to(2 * kMegabyte);
  buffer.clear();
  EXPECT_EQ(buffer.data(), nullptr);
  buffer.grow_to(10);
  EXPECT_EQ(buffer.capacity(), 10U);
}

}  // namespace
}  // namespace sfjwt
