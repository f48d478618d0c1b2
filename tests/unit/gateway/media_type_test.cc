// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/media_type.h"

#include <gtest/gtest.h>

namespace sfjwt::gateway {
namespace {

TEST(MediaType, TellsTheVersion) {
  EXPECT_EQ(media_type("text/xml")->version, soap::SoapVersion::v1_1);
  EXPECT_EQ(media_type("Text/XML; charset=utf-8")->version, soap::SoapVersion::v1_1);
  EXPECT_EQ(media_type("text/xml;charset=\"UTF-8\" ; action=\"x\"")->version, soap::SoapVersion::v1_1);
  EXPECT_EQ(media_type("application/soap+xml; action=\"\"; charset=us-ascii")->version,
            soap::SoapVersion::v1_2);
}

TEST(MediaType, RefusesEverythingElse) {
  for (const char* type :
       {"", " ", "text/html", "application/json", "multipart/related; type=\"application/xop+xml\"",
        "application/xml", "text/xml; charset=iso-8859-1", "text/xml; charset=utf-16",
        "text/xml; charset=\"\"", "text/xml; charset=utf-8; charset=utf-7", "text/xmlx",
        "text/xml, text/xml"}) {
    const auto found = media_type(type);
    ASSERT_FALSE(found) << type;
    EXPECT_EQ(found.error().reason, Reason::unsupported_media_type);
  }
}

TEST(MediaType, HasTheActionAsItWasSent) {
  EXPECT_EQ(media_type("application/soap+xml")->action, std::nullopt);
  EXPECT_EQ(media_type("application/soap+xml; action=\"urn:a\"")->action, "\"urn:a\"");
  EXPECT_EQ(media_type("application/soap+xml;charset=utf-8; Action = urn:a ;x=y")->action, "urn:a");
  EXPECT_EQ(media_type("application/soap+xml; action*=utf-8''a")->action, "utf-8''a");
}

TEST(MediaType, ASemicolonInQuotesBeginsNoParameter) {
  EXPECT_EQ(media_type("text/xml; x=\"; charset=utf-16\"; action=b")->action, "b");
  EXPECT_EQ(media_type("text/xml; x=\"\\\"; action=a\"")->action, std::nullopt);
}

TEST(MediaType, RefusesTwoActionsAndAnOpenQuote) {
  for (const char* type :
       {"application/soap+xml; action=\"\"; action=\"b\"", "application/soap+xml; action=a; action*=utf-8''b",
        "text/xml; action=\"a", "text/xml; charset=\"utf-8", "text/xml; x=\"\\\""}) {
    const auto found = media_type(type);
    ASSERT_FALSE(found) << type;
    EXPECT_EQ(found.error().reason, Reason::unsupported_media_type);
  }
}

}  // namespace
}  // namespace sfjwt::gateway
