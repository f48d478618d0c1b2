// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/slot_table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace sfjwt::tokens {
namespace {

using Eviction = SlotTable::Eviction;

constexpr std::uint32_t kNow = 1'000'000;
constexpr std::uint64_t kLater = kNow + 60;
constexpr std::uint8_t kOneMore = SlotTable::kWays;  // than there is room for

class SlotTableTest : public ::testing::Test {
 protected:
  static constexpr SlotTable::Shape kShape{1, 256};  // one set in each stripe

  SlotTable::Key random_key() {
    SlotTable::Key key;
    for (auto& byte : key) byte = static_cast<std::uint8_t>(random_());
    return key;
  }
  // All in the same set.
  static SlotTable::Key key(std::uint8_t number) {
    SlotTable::Key key{};
    key[16] = key[31] = number;
    return key;
  }
  static std::span<const std::byte> bytes(const std::string& text) {
    return std::as_bytes(std::span(text.data(), text.size()));
  }
  bool write(const SlotTable::Key& at, const std::string& record, Eviction eviction = Eviction::never,
             std::uint32_t now = kNow) {
    return table_.write(at, bytes(record), kLater, now, eviction) != nullptr;
  }
  std::string read(const SlotTable::Key& at, std::uint32_t now = kNow) {
    std::array<std::byte, 256> into;
    const auto found = table_.read(at, into, now);
    return found ? std::string(reinterpret_cast<const char*>(into.data()), found->size) : "nothing";
  }
  bool memory_shows(std::string_view text) const {
    const std::string_view all(reinterpret_cast<const char*>(memory_.data()), kShape.bytes());
    return all.find(text) != std::string_view::npos;
  }
  std::uint32_t* sequence_of(const SlotTable::Key& at) {
    std::array<std::byte, 256> into;
    return table_.read(at, into, kNow)->sequence;
  }

  std::minstd_rand random_;
  std::vector<std::uint64_t> memory_ = std::vector<std::uint64_t>(kShape.bytes() / 8);
  SlotTable table_{reinterpret_cast<std::byte*>(memory_.data()), kShape};
};

TEST_F(SlotTableTest, WhatWasWrittenIsReadWhateverItsSize) {
  EXPECT_EQ(read(key(1)), "nothing");
  for (std::size_t size = 0; size <= kShape.largest_record(); ++size) {
    const std::string record(size, static_cast<char>('a' + size % 26));
    ASSERT_TRUE(write(key(1), record));
    ASSERT_EQ(read(key(1)), record);
  }
}

TEST_F(SlotTableTest, ARecordThatIsTooLargeIsNotTaken) {
  EXPECT_FALSE(write(key(1), std::string(kShape.largest_record() + 1, 'a')));
  EXPECT_EQ(read(key(1)), "nothing");
}

TEST_F(SlotTableTest, KeysOfOneSetAndOneTagAreToldApart) {
  SlotTable::Key twin = key(1);
  twin[31] = 2;
  write(key(1), "one");
  write(twin, "two");
  EXPECT_EQ(read(key(1)), "one");
  EXPECT_EQ(read(twin), "two");
}

TEST_F(SlotTableTest, NothingStaysInMemoryOfWhatWasErasedOrReplaced) {
  write(key(1), "a long secret that goes");
  write(key(2), "a second secret that is replaced");
  table_.erase(key(1));
  write(key(2), "x");
  EXPECT_EQ(read(key(1)), "nothing");
  EXPECT_FALSE(memory_shows("secret"));
  EXPECT_FALSE(memory_shows("replaced"));
}

TEST_F(SlotTableTest, ItFillsNearlyToTheLastSlot) {
  constexpr SlotTable::Shape kLarge{65'536, 64};
  std::vector<std::uint64_t> memory(kLarge.bytes() / 8);
  const SlotTable large(reinterpret_cast<std::byte*>(memory.data()), kLarge);
  std::size_t refused = 0;
  const std::string record = "record";
  for (std::size_t i = 0; i < kLarge.slots * 95 / 100; ++i) {
    if (!large.write(random_key(), bytes(record), kLater, kNow, Eviction::never)) ++refused;
  }
  EXPECT_LT(refused, kLarge.slots / 500);
}

TEST_F(SlotTableTest, AFullSetTakesNothingThatMayNotEvict) {
  for (std::uint8_t i = 0; i < SlotTable::kWays; ++i) ASSERT_TRUE(write(key(i), "kept"));
  EXPECT_FALSE(write(key(kOneMore), "refused"));
  EXPECT_TRUE(write(key(3), "its own slot"));
  EXPECT_EQ(read(key(3)), "its own slot");
}

TEST_F(SlotTableTest, TheOneUsedLongestAgoGoes) {
  for (std::uint8_t i = 0; i < SlotTable::kWays; ++i) write(key(i), "kept", Eviction::never, kNow + i);
  read(key(0), kNow + 40);
  EXPECT_TRUE(write(key(kOneMore), "new", Eviction::least_recently_used, kNow + 41));
  EXPECT_EQ(read(key(0)), "kept");
  EXPECT_EQ(read(key(1)), "nothing");
  EXPECT_EQ(read(key(kOneMore)), "new");
}

TEST_F(SlotTableTest, OneThatIsOutOfDateGoesBeforeAnyOther) {
  for (std::uint8_t i = 0; i < SlotTable::kWays; ++i) {
    const std::string record = "kept";
    table_.write(key(i), bytes(record), i == 7 ? kNow : kLater, kNow + i, Eviction::never);
  }
  EXPECT_TRUE(write(key(kOneMore), "new", Eviction::never, kNow + 40));
  EXPECT_EQ(read(key(7)), "nothing");
  EXPECT_EQ(read(key(0)), "kept");
}

TEST_F(SlotTableTest, ASlotWhoseWriterDiedIsNotReadAndIsUsedAgain) {
  for (std::uint8_t i = 0; i < SlotTable::kWays; ++i) write(key(i), "kept");
  ++*sequence_of(key(5));
  EXPECT_EQ(read(key(5)), "nothing");
  EXPECT_TRUE(write(key(kOneMore), "new"));
  EXPECT_EQ(read(key(kOneMore)), "new");
  EXPECT_EQ(read(key(5)), "nothing");
  EXPECT_EQ(read(key(6)), "kept");
}

TEST_F(SlotTableTest, ASizeBeyondTheSlotIsNotBelieved) {
  write(key(1), "record");
  const auto slot = reinterpret_cast<std::uint64_t*>(sequence_of(key(1)));
  for (const std::uint64_t size : {kShape.largest_record() + 1, std::size_t{1} << 40, ~std::size_t{0}}) {
    slot[2] = size;
    EXPECT_EQ(read(key(1)), "nothing");
  }
  EXPECT_TRUE(write(key(1), "again"));
  EXPECT_EQ(read(key(1)), "again");
}

TEST_F(SlotTableTest, AnyBytesInMemoryAreSurvived) {
  for (int round = 0; round < 200; ++round) {
    for (auto& word : memory_) word = (std::uint64_t{random_()} << 32) ^ random_();
    for (std::uint8_t i = 0; i < 64; ++i) {
      static_cast<void>(read(key(i)));
      if (write(key(i), "record", Eviction::least_recently_used)) {
        EXPECT_EQ(read(key(i)), "record");
      }
      table_.erase(key(i));
    }
  }
}

TEST_F(SlotTableTest, AReaderSeesWholeRecordsWhileTheyAreReplaced) {
  std::atomic<bool> stop{false};
  std::atomic<int> torn{0};
  std::mutex stripe;
  std::vector<std::jthread> threads;
  for (int writer = 0; writer < 2; ++writer) {
    threads.emplace_back([&, writer] {
      for (int i = 0; i < 20'000; ++i) {
        const std::string record(static_cast<std::size_t>(1 + i % 200), static_cast<char>('a' + i % 26));
        const std::lock_guard lock(stripe);
        if (i % 50 == writer) {
          table_.erase(key(1));
        } else {
          write(key(1), record);
        }
      }
      stop = true;
    });
  }
  for (int reader = 0; reader < 2; ++reader) {
    threads.emplace_back([&] {
      std::array<std::byte, 256> into;
      while (!stop) {
        const auto found = table_.read(key(1), into, kNow);
        if (!found) continue;
        for (std::size_t i = 1; i < found->size; ++i)
          if (into[i] != into[0]) ++torn;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(torn, 0);
}

}  // namespace
}  // namespace sfjwt::tokens
