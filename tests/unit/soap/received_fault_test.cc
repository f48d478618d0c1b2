// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/received_fault.h"

#include <gtest/gtest.h>

#include <string>

namespace sfjwt::soap {
namespace {

constexpr std::string_view kCode = "INVALID_SESSION_ID";
constexpr const char* kSoap11Name = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr const char* kSoap12Name = "http://www.w3.org/2003/05/soap-envelope";

std::string envelope(const std::string& body, const char* name = kSoap11Name) {
  return std::string("<e:Envelope xmlns:e='") + name + "' xmlns:sf='urn:fault'><e:Body>" + body +
         "</e:Body></e:Envelope>";
}

std::string fault(const std::string& content) {
  return envelope("<e:Fault>" + content + "</e:Fault>");
}

std::string fault_1_2(const std::string& codes) {
  return envelope("<e:Fault><e:Code><e:Value>e:Sender</e:Value>" + codes + "</e:Code></e:Fault>",
                  kSoap12Name);
}

bool found(const std::string& document) {
  return is_fault_with_code(document, kCode);
}

TEST(ReceivedFault, IsKnownByItsCodeWhateverThePrefix) {
  for (const char* code :
       {"sf:INVALID_SESSION_ID", "INVALID_SESSION_ID", "x:INVALID_SESSION_ID", "\n sf:INVALID_SESSION_ID ",
        "<![CDATA[sf:INVALID_SESSION_ID]]>", "sf:INVALID&#95;SESSION_ID", "sf:INVALID<!-- -->_SESSION_ID"}) {
    EXPECT_TRUE(found(fault(std::string("<faultcode>") + code + "</faultcode><faultstring/>"))) << code;
  }
}

TEST(ReceivedFault, IsKnownWithAnyPrefixOfTheEnvelope) {
  EXPECT_TRUE(found(std::string("<?xml version='1.0' encoding='UTF-8'?><Envelope xmlns='") + kSoap11Name +
                    "'><Header/><Body><Fault><faultcode "
                    "xmlns=''>INVALID_SESSION_ID</faultcode></Fault></Body></Envelope>"));
}

TEST(ReceivedFault, IsKnownByASubcodeOfSoap12) {
  EXPECT_TRUE(found(fault_1_2("<e:Subcode><e:Value>sf:INVALID_SESSION_ID</e:Value></e:Subcode>")));
  EXPECT_TRUE(found(fault_1_2(
      "<e:Subcode><e:Value>sf:A</e:Value><e:Subcode><e:Value>sf:INVALID_SESSION_ID</e:Value></e:Subcode>"
      "</e:Subcode>")));
}

TEST(ReceivedFault, HasNoOtherCode) {
  for (const char* code : {"sf:MALFORMED_QUERY", "sf:INVALID_SESSION_ID_FORMAT", "sf:invalid_session_id",
                           "sf:INVALID_SESSION_ID:x", "", "INVALID SESSION ID"}) {
    EXPECT_FALSE(found(fault(std::string("<faultcode>") + code + "</faultcode>"))) << code;
  }
}

TEST(ReceivedFault, IsNotFoundWhereTheCodeIsData) {
  for (const char* content : {
           "<faultcode>sf:A</faultcode><faultstring>INVALID_SESSION_ID</faultstring>",
           "<faultcode>sf:A</faultcode><detail><faultcode>INVALID_SESSION_ID</faultcode></detail>",
           "<faultcode>sf:A</faultcode><detail><e:Fault><faultcode>INVALID_SESSION_ID</faultcode></e:Fault></"
           "detail>",
           "<detail><sf:exceptionCode>INVALID_SESSION_ID</sf:exceptionCode></detail>",
           "<sf:faultcode>INVALID_SESSION_ID</sf:faultcode>",
           "<faultcode>sf:A<!-- INVALID_SESSION_ID --></faultcode>",
           "<faultcode><sf:a>INVALID_SESSION_ID</sf:a></faultcode>",
           "<faultcode>A<sf:a/>INVALID_SESSION_ID</faultcode>",
           "<!-- <faultcode>INVALID_SESSION_ID</faultcode> -->",
       }) {
    EXPECT_FALSE(found(fault(content))) << content;
  }
}

TEST(ReceivedFault, IsNotFoundOutsideOfTheBodysOnlyFault) {
  const std::string code = "<faultcode>INVALID_SESSION_ID</faultcode>";
  const std::string one = "<e:Fault>" + code + "</e:Fault>";
  EXPECT_FALSE(found(envelope(code)));
  EXPECT_FALSE(found(envelope("<sf:Fault>" + code + "</sf:Fault>")));
  EXPECT_FALSE(found(envelope("<sf:r>" + one + "</sf:r>")));
  EXPECT_FALSE(found(envelope("<sf:r/>" + one)));
  EXPECT_FALSE(found(envelope(one + one)));
  EXPECT_FALSE(found(fault(code + "<faultcode>sf:OTHER</faultcode>")));
  EXPECT_FALSE(found(code));
}

TEST(ReceivedFault, IsNotMixedOfTwoSoapVersions) {
  EXPECT_FALSE(found(envelope("<e:Fault><faultcode>INVALID_SESSION_ID</faultcode></e:Fault>", kSoap12Name)));
  EXPECT_FALSE(found(fault("<e:Code><e:Subcode><e:Value>INVALID_SESSION_ID</e:Value></e:Subcode></e:Code>")));
  EXPECT_FALSE(found(fault_1_2("<e:Value>INVALID_SESSION_ID</e:Value>")));
  EXPECT_FALSE(found(envelope("<e:Fault><faultcode>INVALID_SESSION_ID</faultcode></e:Fault>", "urn:other")));
}

TEST(ReceivedFault, IsNotFoundInADocumentThatIsNotWhole) {
  const std::string whole = fault("<faultcode>sf:INVALID_SESSION_ID</faultcode>");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(found(whole.substr(0, length))) << length;
  }
  EXPECT_FALSE(found(whole + "x"));
  EXPECT_FALSE(found("<!DOCTYPE e [<!ENTITY a 'b'>]>" + whole));
}

}  // namespace
}  // namespace sfjwt::soap
