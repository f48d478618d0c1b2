// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/file_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sfjwt::wsdl {
namespace {

using namespace std::string_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(FileFormat, AWebPageIsCalledOneWhateverStandsBeforeItsFirstTag) {
  for (const std::string page :
       {"<!DOCTYPE html><html>", "<!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>", "<html lang='en'>",
        "\xEF\xBB\xBF\n<HTML>", "<!-- saved from url --> <html>", "<?xml version='1.0'?>\n<!DOCTYPE html>"})
    EXPECT_THAT(why_not_xml(page), AllOf(HasSubstr("web page"), HasSubstr("logged in"))) << page;
}

TEST(FileFormat, WhatIsCompressedIsToBeUnpacked) {
  EXPECT_THAT(why_not_xml("\x1F\x8B\x08\x00 ..."), HasSubstr("gunzip"));
  EXPECT_THAT(why_not_xml("PK\x03\x04 ..."), HasSubstr("ZIP"));
}

TEST(FileFormat, AnEmptyFileIsCalledEmpty) {
  for (const std::string text : {"", " \r\n", "\xEF\xBB\xBF"})
    EXPECT_THAT(why_not_xml(text), HasSubstr("is empty"));
}

TEST(FileFormat, JsonAndOpenApiAreToldApart) {
  EXPECT_THAT(why_not_xml(R"([{"message":"Session expired","errorCode":"INVALID_SESSION_ID"}])"),
              HasSubstr("is JSON"));
  EXPECT_THAT(why_not_xml(R"({ "openapi": "3.0.0" })"), HasSubstr("OpenAPI"));
  EXPECT_THAT(why_not_xml("openapi: 3.0.0\n"), HasSubstr("OpenAPI"));
  EXPECT_THAT(why_not_xml("swagger: '2.0'\n"), HasSubstr("OpenAPI"));
}

TEST(FileFormat, WhatMayBeXmlIsLeftToTheParser) {
  for (const std::string text :
       {"<?xml version='1.0'?><definitions/>", "<!-- <html> --><a/>", "<a", "a", "<!-- never closed"})
    EXPECT_THAT(why_not_xml(text), IsEmpty()) << text;
}

TEST(FileFormat, Utf16IsReadInBothByteOrders) {
  EXPECT_EQ(utf8_of_utf16("\xFF\xFE"s + "a\0\xE4\0\xAC\x20\x3D\xD8\x00\xDE"s).value(),
            "a\u00e4\u20ac\U0001F600");
  EXPECT_EQ(utf8_of_utf16("\xFE\xFF"s + "\0a\0\xE4\x20\xAC\xD8\x3D\xDE\x00"s).value(),
            "a\u00e4\u20ac\U0001F600");
}

TEST(FileFormat, BrokenUtf16IsRefused) {
  EXPECT_FALSE(utf8_of_utf16("\xFF\xFE\x61"));             // half a unit
  EXPECT_FALSE(utf8_of_utf16("\xFF\xFE\x3D\xD8"s));        // a high surrogate at the end
  EXPECT_FALSE(utf8_of_utf16("\xFF\xFE\x3D\xD8\x61\0"s));  // and before a letter
  EXPECT_FALSE(utf8_of_utf16("\xFF\xFE\x00\xDE"s));        // a low one alone
}

TEST(FileFormat, Utf32IsNotUtf16) {
  EXPECT_TRUE(is_utf16("\xFF\xFE<\0"s));
  EXPECT_TRUE(is_utf16("\xFE\xFF\0<"s));
  EXPECT_FALSE(is_utf16("\xFF\xFE\0\0<\0\0\0"s));
  EXPECT_FALSE(is_utf16("<a/>"));
}

}  // namespace
}  // namespace sfjwt::wsdl
