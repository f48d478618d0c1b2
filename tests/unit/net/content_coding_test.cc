// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/content_coding.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace sfjwt::net {
namespace {

constexpr std::size_t kLimit = 1000;
constexpr int kGzip = MAX_WBITS + 16;
constexpr int kZlib = MAX_WBITS;
constexpr int kRaw = -MAX_WBITS;

std::string packed(std::string text, int format) {
  z_stream stream{};
  EXPECT_EQ(Z_OK, deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY));
  std::string result(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  EXPECT_EQ(Z_STREAM_END, deflate(&stream, Z_FINISH));
  result.resize(result.size() - stream.avail_out);
  deflateEnd(&stream);
  return result;
}

const std::string kText = "some text, some text, some more text";

TEST(ContentCoding, IsTakenOff) {
  EXPECT_EQ(kText, decoded(packed(kText, kGzip), "gzip", kLimit));
  EXPECT_EQ(kText, decoded(packed(kText, kGzip), " X-GZIP ", kLimit));
  EXPECT_EQ(kText, decoded(packed(kText, kZlib), "deflate", kLimit));
  EXPECT_EQ(kText, decoded(packed(kText, kRaw), "Deflate", kLimit));
}

TEST(ContentCoding, MayBeAbsent) {
  EXPECT_EQ(kText, decoded(kText, "", kLimit));
  EXPECT_EQ(kText, decoded(kText, "identity", kLimit));
  EXPECT_EQ("", decoded("", "", kLimit));
}

TEST(ContentCoding, IsUnknown) {
  for (const char* coding : {"br", "zstd", "gzip, gzip", "gzip,identity", "gzipp", "compress"})
    EXPECT_FALSE(decoded(packed(kText, kGzip), coding, kLimit)) << coding;
}

TEST(ContentCoding, GivesNothingOfABodyThatIsNotWhole) {
  const std::string whole = packed(kText, kGzip);
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(decoded(whole.substr(0, length), "gzip", kLimit)) << length;
  EXPECT_FALSE(decoded(whole + "x", "gzip", kLimit));
}

TEST(ContentCoding, GivesNothingOfABodyThatIsNotEncoded) {
  EXPECT_FALSE(decoded(kText, "gzip", kLimit));
  EXPECT_FALSE(decoded(kText, "deflate", kLimit));
}

TEST(ContentCoding, GivesNothingThatIsLargerThanTheLimit) {
  const std::string fits(kLimit, 'x');
  const std::string bomb(50'000'000, 'x');
  EXPECT_EQ(fits, decoded(packed(fits, kGzip), "gzip", kLimit));
  EXPECT_EQ(fits, decoded(fits, "", kLimit));
  EXPECT_FALSE(decoded(packed(fits + "x", kGzip), "gzip", kLimit));
  EXPECT_FALSE(decoded(packed(bomb, kGzip), "gzip", kLimit));
  EXPECT_FALSE(decoded(fits + "x", "", kLimit));
}

}  // namespace
}  // namespace sfjwt::net
