// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/core/base64url.h"

#include <gtest/gtest.h>

namespace sfjwt {
namespace {

std::string encoded(std::string_view bytes) {
  std::string text;
  append_base64url(text, bytes);
  return text;
}

TEST(Base64Url, EncodesTheExampleOfRfc7515AppendixC) {
  EXPECT_EQ(encoded(std::string_view("\x03\xec\xff\xe0\xc1", 5)), "A-z_4ME");
}

TEST(Base64Url, EncodesTheHeaderAndClaimsOfRfc7515AppendixA2) {
  EXPECT_EQ(encoded(R"({"alg":"RS256"})"), "eyJhbGciOiJSUzI1NiJ9");
  EXPECT_EQ(encoded("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"),
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ");
}

TEST(Base64Url, EncodesTheVectorsOfRfc4648Section10WithoutPadding) {
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg");
  EXPECT_EQ(encoded("fo"), "Zm8");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foob"), "Zm9vYg");
}

TEST(Base64Url, EveryLengthComesBackAndHasTheForetoldSize) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(encoded(bytes).size(), base64url_size(bytes.size()));
    EXPECT_EQ(base64url_decoded(encoded(bytes)), bytes);
    bytes += static_cast<char>(i * 7);
  }
}

TEST(Base64Url, DecodesNothingElse) {
  for (const char* text : {"A", "AAAAA", "Zg==", "Zm9v\n", "Zm 8", "+A", "/A", "Zh"}) {
    EXPECT_FALSE(base64url_decoded(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace sfjwt
