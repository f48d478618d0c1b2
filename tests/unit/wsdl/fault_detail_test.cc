// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/fault_detail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/unit/wsdl/wsdl_of.h"

namespace sfjwt::wsdl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The fault details of a WSDL whose operation declares {urn:t}Fault, given the components of its schema.
std::vector<soap::FaultDetail> details_of(const std::string& components) {
  std::string wsdl = wsdl_of("<x:element name='ask'><x:complexType/></x:element>" + components);
  const auto insert = [&wsdl](const std::string& before, const std::string& text) {
    wsdl.insert(wsdl.find(before), text);
  };
  insert("<w:portType", "<w:message name='f'><w:part name='fault' element='t:Fault'/></w:message>");
  insert("</w:operation></w:portType>", "<w:fault name='f' message='t:f'/>");
  const auto catalog = catalog_of(wsdl, {schema::Mode::structure, schema::Relaxations::none()});
  EXPECT_TRUE(catalog) << catalog.error().message;
  return catalog ? (*catalog)->wsdls().front().fault_details : std::vector<soap::FaultDetail>();
}

const std::string kCodes =
    "<x:simpleType name='Codes'><x:restriction base='x:string'><x:enumeration value='B'/>"
    "<x:enumeration value='A'/></x:restriction></x:simpleType>";
const std::string kApiFault =
    "<x:complexType name='ApiFault'><x:sequence><x:element name='exceptionCode' type='t:Codes'/>"
    "<x:element name='exceptionMessage' type='x:string'/></x:sequence></x:complexType>" +
    kCodes;

std::string extended(const std::string& more) {
  return kApiFault + "<x:complexType name='Derived'><x:complexContent><x:extension base='t:ApiFault'>" +
         more + "</x:extension></x:complexContent></x:complexType><x:element name='Fault' type='t:Derived'/>";
}

std::string with_children(const std::string& children) {
  return kCodes + "<x:element name='Fault'><x:complexType><x:sequence>" + children +
         "</x:sequence></x:complexType></x:element>";
}
const std::string kCode = "<x:element name='exceptionCode' type='t:Codes'/>";
const std::string kMessage = "<x:element name='exceptionMessage' type='x:string'/>";

TEST(FaultDetail, IsAnElementWithACodeAndAMessage) {
  const auto details = details_of(kApiFault + "<x:element name='Fault' type='t:ApiFault'/>");
  ASSERT_EQ(details.size(), 1U);
  EXPECT_EQ(details[0].element, (xml::QName{"urn:t", "Fault"}));
  EXPECT_EQ(details[0].type, (xml::QName{"urn:t", "ApiFault"}));
  EXPECT_EQ(details[0].code, (xml::QName{"urn:t", "exceptionCode"}));
  EXPECT_EQ(details[0].message, (xml::QName{"urn:t", "exceptionMessage"}));
  EXPECT_THAT(details[0].codes, ElementsAre("A", "B"));
}

TEST(FaultDetail, TakesOverWhatItsTypeExtends) {
  ASSERT_EQ(details_of(extended("")).size(), 1U);
  EXPECT_EQ(details_of(extended(""))[0].type, (xml::QName{"urn:t", "Derived"}));
}

TEST(FaultDetail, MayHaveMoreThatNeedNotBeThere) {
  EXPECT_EQ(details_of(extended("<x:sequence><x:element name='url' type='x:string' minOccurs='0'/>"
                                "<x:any minOccurs='0'/></x:sequence>"))
                .size(),
            1U);
}

TEST(FaultDetail, IsNoneThatAsksForMore) {
  EXPECT_THAT(details_of(extended("<x:sequence><x:element name='row' type='x:int'/></x:sequence>")),
              IsEmpty());
  EXPECT_THAT(details_of(extended("<x:attribute name='a' use='required'/>")), IsEmpty());
  EXPECT_THAT(details_of(with_children(kCode + kMessage + "<x:any/>")), IsEmpty());
}

TEST(FaultDetail, IsNoneWithoutCodeAndMessageInThisOrder) {
  EXPECT_THAT(details_of(with_children(kCode)), IsEmpty());
  EXPECT_THAT(details_of(with_children(kMessage + kCode)), IsEmpty());
  EXPECT_THAT(details_of("<x:element name='Fault' type='x:string'/>"), IsEmpty());
}

TEST(FaultDetail, IsNoneWhoseCodeOrMessageIsOfAnotherKind) {
  EXPECT_THAT(details_of(with_children("<x:element name='exceptionCode' type='x:int'/>" + kMessage)),
              IsEmpty());
  EXPECT_THAT(details_of(with_children(kCode + "<x:element name='exceptionMessage' type='t:Codes'/>")),
              IsEmpty());
}

TEST(FaultDetail, OfATypeWithoutNameHasNoTypeToSay) {
  const auto details = details_of(with_children(kCode + kMessage));
  ASSERT_EQ(details.size(), 1U);
  EXPECT_EQ(details[0].type, xml::QName());
}

TEST(FaultDetail, ACodeThatIsAnyStringHasNoList) {
  const auto details =
      details_of(with_children("<x:element name='exceptionCode' type='x:string'/>" + kMessage));
  ASSERT_EQ(details.size(), 1U);
  EXPECT_THAT(details[0].codes, IsEmpty());
}

TEST(FaultDetail, SaysHowItsChildrenAreQualified) {
  const auto details = details_of(
      with_children("<x:element name='exceptionCode' type='t:Codes' form='unqualified'/>" + kMessage));
  ASSERT_EQ(details.size(), 1U);
  EXPECT_EQ(details[0].code, (xml::QName{"", "exceptionCode"}));
}

TEST(FaultDetail, ATypeThatExtendsItselfIsNone) {
  EXPECT_THAT(details_of("<x:complexType name='Loop'><x:complexContent><x:extension base='t:Loop'/>"
                         "</x:complexContent></x:complexType><x:element name='Fault' type='t:Loop'/>"),
              IsEmpty());
}

}  // namespace
}  // namespace sfjwt::wsdl
