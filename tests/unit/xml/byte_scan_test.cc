// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/byte_scan.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

namespace sfjwt::xml {
namespace {

// Bytes in memory of exactly their size, so that reading past their end is seen by AddressSanitizer.
class ExactBytes {
 public:
  explicit ExactBytes(const std::string& text) : size_(text.size()), bytes_(new char[text.size()]) {
    text.copy(bytes_.get(), size_);
  }
  const char* data() const { return bytes_.get(); }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

// Runs of like bytes with something else between them, of lengths around those of a block.
std::string random_text(std::mt19937& random) {
  constexpr std::string_view kKinds[] = {" ", "\n", "\r", "\t", "a",        "Z",   "<",
                                         "&", "]",  "'",  "\"", "\xC3\xA4", "\x7f"};
  std::string text;
  for (auto runs = random() % 6; runs > 0; --runs) {
    const std::string_view kind = kKinds[random() % std::size(kKinds)];
    for (auto length = random() % 40; length > 0; --length) text += kind;
  }
  return text;
}

TEST(Runs, TheVectorPathAndThePortableOneAgree) {
  std::mt19937 random(20261124);
  for (int round = 0; round < 50'000; ++round) {
    const std::string text = random_text(random);
    const ExactBytes exact(text);
    const std::size_t at = random() % (text.size() + 1);
    const char* const bytes = exact.data();
    ASSERT_EQ(blank_run(bytes, at, exact.size()), portable::blank_run(bytes, at, exact.size())) << text;
    ASSERT_EQ(text_end(bytes, at, exact.size()), portable::text_end(bytes, at, exact.size())) << text;
    ASSERT_EQ(value_end(bytes, at, exact.size(), '"'), portable::value_end(bytes, at, exact.size(), '"'))
        << text;
    ASSERT_EQ(name_run(bytes, at, exact.size()), portable::name_run(bytes, at, exact.size())) << text;
    ASSERT_EQ(find(bytes, at, exact.size(), 'a'), portable::find(bytes, at, exact.size(), 'a')) << text;
  }
}

TEST(Runs, OneByteThatIsNoLetterOrDigitIsSeenWhereverItIs) {
  for (std::size_t count = 0; count < 70; ++count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "09azAZ"[i % 6];
    EXPECT_TRUE(alphanumeric(ExactBytes(text).data(), count)) << count;
    for (std::size_t i = 0; i < count; ++i) {
      for (const char other : std::string_view("/:@[`{ \xC3\x80\x00", 10)) {
        std::string changed = text;
        changed[i] = other;
        const ExactBytes exact(changed);
        ASSERT_FALSE(alphanumeric(exact.data(), count)) << i << " of " << count;
        ASSERT_FALSE(portable::alphanumeric(exact.data(), count)) << i << " of " << count;
      }
    }
  }
}

// Within one document, with more or less of it behind.
TEST(Runs, OneDifferentByteIsSeenAtTwoPlacesOfADocument) {
  for (const std::size_t behind : {0U, 1U, 31U, 32U, 33U}) {
    for (std::size_t count = 0; count < 70; ++count) {
      const std::string part = std::string(count, 'x');
      const std::string document = "<" + part + "?" + part + std::string(behind, '!');
      const ExactBytes same(document);
      ASSERT_TRUE(same_bytes(same.data(), 1, count + 2, count, same.size())) << count;
      for (std::size_t i = 0; i < count; ++i) {
        std::string changed = document;
        changed[count + 2 + i] = 'y';
        const ExactBytes different(changed);
        ASSERT_FALSE(same_bytes(different.data(), 1, count + 2, count, different.size()))
            << i << " of " << count << ", " << behind << " behind";
      }
    }
  }
}

TEST(Runs, ATextOfTwoOrThreeBytesIsFoundWhereItIs) {
  std::mt19937 random(11);
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (auto length = random() % 70; length > 0; --length) text += "]]>--x"[random() % 6];
    const ExactBytes exact(text);
    const std::size_t at = random() % (text.size() + 4);
    for (const std::string_view wanted : {"--", "]]>"}) {
      ASSERT_EQ(find(exact.data(), at, exact.size(), wanted),
                portable::find(exact.data(), at, exact.size(), wanted))
          << text << ' ' << at;
    }
  }
}

TEST(Runs, NamesEndWhereThePortablePathSays) {
  std::mt19937 random(7);
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (auto length = random() % 70; length > 0; --length)
      text += random() % 24 ? "abz:AZ_-.059"[random() % 12] : static_cast<char>(random() % 256);
    const ExactBytes exact(text);
    ASSERT_EQ(name_run(exact.data(), 0, exact.size()), portable::name_run(exact.data(), 0, exact.size()))
        << text;
  }
}

TEST(Runs, OneDifferentByteIsSeenWhereverItIs) {
  for (std::size_t count = 0; count < 70; ++count) {
    const std::string text(count, 'x');
    const ExactBytes same(text);
    const ExactBytes other(text);
    EXPECT_TRUE(same_bytes(same.data(), other.data(), count)) << count;
    for (std::size_t i = 0; i < count; ++i) {
      std::string changed = text;
      changed[i] = 'y';
      const ExactBytes different(changed);
      EXPECT_FALSE(same_bytes(same.data(), different.data(), count)) << i << " of " << count;
    }
  }
}

}  // namespace
}  // namespace sfjwt::xml
