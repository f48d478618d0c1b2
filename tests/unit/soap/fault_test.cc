// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/fault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <string>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/soap/received_fault.h"

namespace sfjwt::soap {
namespace {

using testing::HasSubstr;
using testing::Not;

// What an independent parser reads at a path of local names; "(not XML)" if it reads nothing.
std::string text_at(const std::string& document, std::initializer_list<const char*> path) {
  const Owned<xmlDoc, xmlFreeDoc> parsed{
      xmlReadMemory(document.data(), static_cast<int>(document.size()), "fault", nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)};
  if (!parsed) return "(not XML)";
  const xmlNode* node = xmlDocGetRootElement(parsed.get());
  for (const char* name : path) {
    for (node = node->children; node != nullptr; node = node->next) {
      if (xmlStrEqual(node->name, reinterpret_cast<const xmlChar*>(name))) break;
    }
    if (node == nullptr) return std::string("(no ") + name + ")";
  }
  const Owned<xmlChar, [](xmlChar* text) { xmlFree(text); }> content{xmlNodeGetContent(node)};
  return reinterpret_cast<const char*>(content.get());
}

std::string reason_1_1(const std::string& document) {
  return text_at(document, {"Body", "Fault", "faultstring"});
}
std::string reason_1_2(const std::string& document) {
  return text_at(document, {"Body", "Fault", "Reason", "Text"});
}

TEST(Fault, OfSoap11IsWrittenAsItsSection44Says) {
  EXPECT_EQ(fault_document(SoapVersion::v1_1, FaultCode::client, "SFJ0301", "why"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>"
            "<soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>SFJ0301: why</faultstring>"
            "</soapenv:Fault></soapenv:Body></soapenv:Envelope>");
}

TEST(Fault, OfSoap12IsWrittenAsItsSection54Says) {
  EXPECT_EQ(fault_document(SoapVersion::v1_2, FaultCode::client, "SFJ0301", "why"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\"><env:Body><env:Fault>"
            "<env:Code><env:Value>env:Sender</env:Value></env:Code>"
            "<env:Reason><env:Text xml:lang=\"en\">SFJ0301: why</env:Text></env:Reason>"
            "</env:Fault></env:Body></env:Envelope>");
}

FaultDetail unexpected() {
  return {{"urn:f", "UnexpectedErrorFault"},
          {"urn:f", "Unexpected"},
          {"urn:f", "exceptionCode"},
          {"urn:f", "exceptionMessage"},
          {"UNKNOWN_EXCEPTION"}};
}

TEST(Fault, ATypedDetailIsWrittenAsSalesforceWritesIt) {
  const FaultDetail declared = unexpected();
  const std::string entry =
      "<sf:UnexpectedErrorFault xmlns:sf=\"urn:f\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"sf:Unexpected\">"
      "<sf:exceptionCode>UNKNOWN_EXCEPTION</sf:exceptionCode>"
      "<sf:exceptionMessage>SFJ0301: a &lt; b</sf:exceptionMessage></sf:UnexpectedErrorFault>";
  const TypedDetail detail{declared, "UNKNOWN_EXCEPTION"};
  EXPECT_THAT(fault_document(SoapVersion::v1_1, FaultCode::client, "SFJ0301", "a < b", detail),
              HasSubstr("</faultstring><detail>" + entry + "</detail></soapenv:Fault>"));
  EXPECT_THAT(fault_document(SoapVersion::v1_2, FaultCode::client, "SFJ0301", "a < b", detail),
              HasSubstr("</env:Reason><env:Detail>" + entry + "</env:Detail></env:Fault>"));
}

TEST(Fault, ATypedDetailIsQualifiedAsItsSchemaSays) {
  FaultDetail declared = unexpected();
  declared.type = {};
  declared.code.namespace_uri = "";
  declared.message.namespace_uri = "urn:m";
  EXPECT_THAT(
      fault_document(SoapVersion::v1_1, FaultCode::client, "C", "t", TypedDetail{declared, "X"}),
      HasSubstr("<detail><sf:UnexpectedErrorFault xmlns:sf=\"urn:f\"><exceptionCode>X</exceptionCode>"
                "<exceptionMessage xmlns=\"urn:m\">C: t</exceptionMessage></sf:UnexpectedErrorFault>"));
}

TEST(Fault, ATypeOfAnotherNamespaceHasAPrefixOfItsOwn) {
  FaultDetail declared = unexpected();
  declared.type.namespace_uri = "urn:t&";
  EXPECT_THAT(fault_document(SoapVersion::v1_1, FaultCode::client, "C", "t", TypedDetail{declared, "X"}),
              HasSubstr(" xmlns:type=\"urn:t&amp;\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                        "xsi:type=\"type:Unexpected\""));
}

TEST(BackendFault, HasTheCodeAsTheBackendWordsItInSoap11) {
  FaultDetail declared = unexpected();
  declared.type = declared.element;
  const std::string document =
      backend_fault_document(SoapVersion::v1_1, "INVALID_SESSION_ID", "Illegal <Session>",
                             TypedDetail{declared, "INVALID_SESSION_ID"}, "urn:other");
  EXPECT_EQ(document,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
            "xmlns:sf=\"urn:f\"><soapenv:Body><soapenv:Fault><faultcode>sf:INVALID_SESSION_ID</faultcode>"
            "<faultstring>INVALID_SESSION_ID: Illegal &lt;Session&gt;</faultstring><detail>"
            "<sf:UnexpectedErrorFault xmlns:sf=\"urn:f\" "
            "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"sf:UnexpectedErrorFault\">"
            "<sf:exceptionCode>INVALID_SESSION_ID</sf:exceptionCode>"
            "<sf:exceptionMessage>Illegal &lt;Session&gt;</sf:exceptionMessage></sf:UnexpectedErrorFault>"
            "</detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>");
}

TEST(BackendFault, HasTheCodeAsASubcodeInSoap12) {
  EXPECT_EQ(backend_fault_document(SoapVersion::v1_2, "INVALID_SESSION_ID", "over", {}, "urn:&"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:sf=\"urn:&amp;\">"
            "<env:Body><env:Fault><env:Code><env:Value>env:Sender</env:Value><env:Subcode>"
            "<env:Value>sf:INVALID_SESSION_ID</env:Value></env:Subcode></env:Code><env:Reason>"
            "<env:Text xml:lang=\"en\">INVALID_SESSION_ID: over</env:Text></env:Reason>"
            "</env:Fault></env:Body></env:Envelope>");
}

TEST(BackendFault, IsRecognisedLikeOneOfTheBackend) {
  for (const SoapVersion version : {SoapVersion::v1_1, SoapVersion::v1_2}) {
    const std::string document = backend_fault_document(version, "INVALID_SESSION_ID", "t", {}, "urn:f");
    EXPECT_TRUE(is_fault_with_code(document, "INVALID_SESSION_ID"));
    EXPECT_FALSE(is_fault_with_code(document, "INVALID_LOGIN"));
  }
}

TEST(Fault, EveryCodeHasItsNameInBothVersions) {
  const auto code_1_1 = [](FaultCode code) {
    return text_at(fault_document(SoapVersion::v1_1, code, "c", "t"), {"Body", "Fault", "faultcode"});
  };
  const auto code_1_2 = [](FaultCode code) {
    return text_at(fault_document(SoapVersion::v1_2, code, "c", "t"), {"Body", "Fault", "Code", "Value"});
  };
  EXPECT_EQ(code_1_1(FaultCode::client), "soapenv:Client");
  EXPECT_EQ(code_1_1(FaultCode::server), "soapenv:Server");
  EXPECT_EQ(code_1_1(FaultCode::version_mismatch), "soapenv:VersionMismatch");
  EXPECT_EQ(code_1_1(FaultCode::must_understand), "soapenv:MustUnderstand");
  EXPECT_EQ(code_1_2(FaultCode::client), "env:Sender");
  EXPECT_EQ(code_1_2(FaultCode::server), "env:Receiver");
  EXPECT_EQ(code_1_2(FaultCode::version_mismatch), "env:VersionMismatch");
  EXPECT_EQ(code_1_2(FaultCode::must_understand), "env:MustUnderstand");
}

TEST(Fault, AVersionMismatchInSoap12SaysWhichEnvelopeIsUnderstood) {
  const auto mismatch = fault_document(SoapVersion::v1_2, FaultCode::version_mismatch, "SFJ0302", "why");
  EXPECT_THAT(mismatch, HasSubstr("<env:SupportedEnvelope qname=\"soapenv:Envelope\" "
                                  "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"/>"));
  EXPECT_EQ(reason_1_2(mismatch), "SFJ0302: why");
  EXPECT_THAT(fault_document(SoapVersion::v1_2, FaultCode::client, "SFJ0301", "why"),
              Not(HasSubstr("Upgrade")));
}

TEST(Fault, MarkupInTheTextIsTextForTheReader) {
  const std::string text = "]]></faultstring><detail>&amp;\"'<!--";
  EXPECT_EQ(reason_1_1(fault_document(SoapVersion::v1_1, FaultCode::client, "C", text)), "C: " + text);
  EXPECT_EQ(reason_1_2(fault_document(SoapVersion::v1_2, FaultCode::client, "C", text)), "C: " + text);
}

TEST(Fault, CharactersBeyondAsciiStayAsTheyAre) {
  const std::string text = "\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80";
  EXPECT_EQ(reason_1_1(fault_document(SoapVersion::v1_1, FaultCode::client, "C", text)), "C: " + text);
}

TEST(Fault, WhatXmlCannotHoldIsReplaced) {
  const std::string r = "\xEF\xBF\xBD";
  const auto reason = [](std::string_view text) {
    return reason_1_1(fault_document(SoapVersion::v1_1, FaultCode::client, "C", text));
  };
  EXPECT_EQ(reason(std::string_view("a\0b", 3)), "C: a" + r + "b");
  EXPECT_EQ(reason("a\x1b[0m"), "C: a" + r + "[0m");
  EXPECT_EQ(reason("a\xC3"), "C: a" + r);                        // cut off in the middle
  EXPECT_EQ(reason("\xC0\xAF"), "C: " + r + r);                  // overlong
  EXPECT_EQ(reason("\xED\xA0\x80"), "C: " + r + r + r);          // a surrogate
  EXPECT_EQ(reason("\xEF\xBF\xBE!"), "C: " + r + r + r + "!");   // U+FFFE
  EXPECT_EQ(reason("\xF4\x90\x80\x80"), "C: " + r + r + r + r);  // above U+10FFFF
}

TEST(Fault, EveryByteByItselfGivesADocumentThatCanBeRead) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(3, static_cast<char>(byte));
    EXPECT_NE(reason_1_1(fault_document(SoapVersion::v1_1, FaultCode::server, text, text)), "(not XML)")
        << byte;
    EXPECT_NE(reason_1_2(fault_document(SoapVersion::v1_2, FaultCode::server, text, text)), "(not XML)")
        << byte;
  }
}

TEST(Fault, ATextWithoutCodeHasNoColonBeforeIt) {
  EXPECT_EQ(reason_1_1(fault_document(SoapVersion::v1_1, FaultCode::server, "", "why")), "why");
  EXPECT_EQ(reason_1_1(fault_document(SoapVersion::v1_1, FaultCode::server, "SFJ0902", "")), "SFJ0902");
}

TEST(Fault, IsSentAsTheMediaTypeOfItsVersion) {
  EXPECT_EQ(content_type(SoapVersion::v1_1), "text/xml; charset=utf-8");
  EXPECT_EQ(content_type(SoapVersion::v1_2), "application/soap+xml; charset=utf-8");
}

}  // namespace
}  // namespace sfjwt::soap
