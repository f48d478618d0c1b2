// SPDX-License-Identifier: Apache-2.0
// Relaxations add to what mode strict accepts and take nothing away: here with types made to tempt them;
// tests/differential has real WSDLs and mutants.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/unit/wsdl/wsdl_of.h"

namespace sfjwt::schema {
namespace {

// One WSDL in mode strict, with each relaxation alone, and with all.
class Modes {
 public:
  explicit Modes(const std::string& components, const std::string& others = "") {
    const std::string wsdl = wsdl::wsdl_of(components, others);
    strict_ = wsdl::catalog_of(wsdl, {Mode::strict, Relaxations::none()}).value();
    for (const NamedRelaxation& relaxation : kRelaxations) {
      Relaxations one = Relaxations::none();
      one.*relaxation.member = true;
      relaxed_.push_back(
          {std::string(relaxation.name), wsdl::catalog_of(wsdl, {Mode::tolerant, one}).value()});
    }
    relaxed_.push_back({"all", wsdl::catalog_of(wsdl, {Mode::tolerant, Relaxations::all()}).value()});
  }

  // Accepted by all, or who says what.
  std::string verdicts(const std::string& children) const {
    if (const std::string said = wsdl::verdict(wsdl::ask(children), *strict_); said != "valid")
      return "strict: " + said;
    for (const auto& [name, catalog] : relaxed_) {
      if (const std::string said = wsdl::verdict(wsdl::ask(children), *catalog); said != "valid")
        return name + ": " + said;
    }
    return "valid";
  }

 private:
  std::shared_ptr<const soap::Catalog> strict_;
  std::vector<std::pair<std::string, std::shared_ptr<const soap::Catalog>>> relaxed_;
};

std::string asking(const std::string& children, const std::string& more = "") {
  return "<x:element name='ask'><x:complexType><x:sequence>" + children +
         "</x:sequence></x:complexType></x:element>" + more;
}

constexpr const char* kRecord = R"(
  <x:complexType name='Record'>
    <x:sequence>
      <x:element name='type' type='x:string'/>
      <x:element name='fieldsToNull' type='x:string' nillable='true' minOccurs='0' maxOccurs='unbounded'/>
      <x:element name='Id' type='t:Id' nillable='true'/>
      <x:any namespace='##targetNamespace' minOccurs='0' maxOccurs='unbounded' processContents='lax'/>
    </x:sequence>
  </x:complexType>)";

std::string verdict_of_fields(const std::string& fields) {
  static const Modes modes(
      asking("<x:element name='record' type='o:Record' maxOccurs='unbounded'/>",
             "<x:simpleType name='Id'><x:restriction base='x:string'><x:length value='18'/></x:restriction>"
             "</x:simpleType>"),
      kRecord);
  const std::string record =
      "<t:record><o:type>Lead</o:type><o:Id>001000000000001AAA</o:Id>" + fields + "</t:record>";
  return modes.verdicts(record + record);
}

TEST(RelaxedAndStrict, NilOnAFieldThatIsNotDeclaredMeansNothing) {
  for (const std::string nil : {"true", "1", "false", "TRUE", "", " true ", "yes", "&#49;"}) {
    EXPECT_EQ(verdict_of_fields("<o:Name xsi:nil='" + nil + "'/>"), "valid") << nil;
    EXPECT_EQ(verdict_of_fields("<o:Name xsi:nil='" + nil + "'> \n</o:Name>"), "valid") << nil;
    EXPECT_EQ(verdict_of_fields("<o:Name xsi:nil='" + nil + "'>n</o:Name>"), "valid") << nil;
    EXPECT_EQ(verdict_of_fields("<o:Owner xsi:nil='" + nil + "'><o:Name>n</o:Name></o:Owner>"), "valid")
        << nil;
    EXPECT_EQ(verdict_of_fields("<o:N xsi:nil='" + nil + "' xsi:type='x:int'> 5 </o:N>"), "valid") << nil;
    EXPECT_EQ(verdict_of_fields("<o:N xsi:nil='" + nil +
                                "' xsi:type='o:Record'><o:type/>"
                                "<o:Id>001000000000001AAA</o:Id></o:N>"),
              "valid")
        << nil;
  }
}

TEST(RelaxedAndStrict, AFieldThatWasPassedBelongsToTheWildcard) {
  EXPECT_EQ(verdict_of_fields("<o:fieldsToNull><o:x/></o:fieldsToNull>"), "valid");
  EXPECT_EQ(verdict_of_fields("<o:Id>1</o:Id><o:type><o:x/></o:type>"), "valid");
}

TEST(RelaxedAndStrict, OfTwoElementsOfOneNameTheOrderDecides) {
  const Modes modes(
      asking("<x:element name='a' type='x:int' minOccurs='0'/><x:element name='b' type='x:int'/>"
             "<x:element name='a' type='x:int'/>"));
  EXPECT_EQ(modes.verdicts("<t:b>1</t:b><t:a>1</t:a>"), "valid");
  EXPECT_EQ(modes.verdicts("<t:a>1</t:a><t:b>1</t:b><t:a>1</t:a>"), "valid");
  const Modes twice(
      asking("<x:element name='a' type='x:int' minOccurs='2' maxOccurs='2'/>"
             "<x:element name='b' type='x:int'/><x:element name='a' type='x:int'/>"));
  EXPECT_EQ(twice.verdicts("<t:a>1</t:a><t:a>1</t:a><t:b>1</t:b><t:a>1</t:a>"), "valid");
}

TEST(RelaxedAndStrict, AWildcardBetweenElementsTakesWhatTheOrderGivesIt) {
  const Modes modes(
      asking("<x:element name='one' type='x:int'/><x:any processContents='lax'/>"
             "<x:element name='two' type='x:int'/>"));
  EXPECT_EQ(modes.verdicts("<t:one>1</t:one><t:two>x</t:two><t:two>2</t:two>"), "valid");
}

TEST(RelaxedAndStrict, AnOptionalElementThatWasPassedBelongsToTheWildcard) {
  const Modes modes(
      asking("<x:element name='one' type='x:int' minOccurs='0'/><x:element name='two' type='x:int'/>"
             "<x:any namespace='##targetNamespace' processContents='lax' minOccurs='0'/>"));
  EXPECT_EQ(modes.verdicts("<t:two>2</t:two><t:one>x</t:one>"), "valid");
}

TEST(RelaxedAndStrict, AnElementThatMayBeNilIsNotLeftOutForAWildcard) {
  const Modes modes(
      asking(
          "<x:any namespace='##targetNamespace' processContents='lax' minOccurs='0' maxOccurs='unbounded'/>"
          "<x:element ref='o:nothing'/><x:element name='last' type='x:int' minOccurs='0'/>"),
      "<x:element name='nothing' type='x:int' nillable='true'/>");
  EXPECT_EQ(modes.verdicts("<t:last>x</t:last><o:nothing xsi:nil='true'/>"), "valid");
}

TEST(RelaxedAndStrict, AChildWithoutNamespaceThatHasAMeaningKeepsIt) {
  const Modes modes(
      asking("<x:element name='a' type='x:int' minOccurs='0'/>"
             "<x:element name='a' type='x:string' form='unqualified'/>"));
  EXPECT_EQ(modes.verdicts("<a>x</a>"), "valid");
  const Modes open(
      asking("<x:element name='a' type='x:int' minOccurs='0'/>"
             "<x:any namespace='##local' processContents='lax' minOccurs='0'/>"));
  EXPECT_EQ(open.verdicts("<a>x</a>"), "valid");
}

TEST(RelaxedAndStrict, AChildWithoutNamespaceFindsItsWildcard) {
  const Modes modes(
      asking("<x:any namespace='##targetNamespace' processContents='strict' minOccurs='0'/>"
             "<x:any namespace='##local' processContents='lax' minOccurs='0'/>"));
  EXPECT_EQ(modes.verdicts("<a>x</a>"), "valid");
}

TEST(RelaxedAndStrict, ANarrowerTypeReadsWhiteSpaceItsOwnWay) {
  const Modes modes(asking(
      "<x:element name='code' type='t:Code'/>",
      "<x:simpleType name='Code'><x:restriction base='x:string'><x:maxLength value='3'/></x:restriction>"
      "</x:simpleType><x:simpleType name='Squeezed'><x:restriction base='t:Code'>"
      "<x:whiteSpace value='collapse'/></x:restriction></x:simpleType>"));
  EXPECT_EQ(modes.verdicts("<t:code xsi:type='t:Squeezed'>  abc  </t:code>"), "valid");
}

TEST(RelaxedAndStrict, HundredsOfFieldsAreNestedAsDeepAsOneLikes) {
  std::string fields;
  for (int i = 0; i < 900; ++i)
    fields += "<x:element name='f" + std::to_string(i) + "' type='x:int' minOccurs='0'/>";
  const Modes modes(
      asking("<x:element name='wide' type='t:Wide'/>",
             "<x:complexType name='Wide'><x:sequence>" + fields +
                 "<x:element name='wide' type='t:Wide' minOccurs='0'/></x:sequence></x:complexType>"));
  std::string nested = "<t:f0>1</t:f0><t:f899>1</t:f899>";
  for (int i = 0; i < 200; ++i) nested = "<t:f1>1</t:f1><t:wide>" + nested + "</t:wide>";
  EXPECT_EQ(modes.verdicts("<t:wide>" + nested + "</t:wide>"), "valid");
}

TEST(RelaxedAndStrict, FarDownTheOrderCountsAgain) {
  std::string fields;
  for (int i = 0; i < 900; ++i)
    fields += "<x:element name='f" + std::to_string(i) + "' type='x:int' minOccurs='0'/>";
  const auto tolerant =
      wsdl::catalog_of(wsdl::wsdl_of(asking("<x:element name='wide' type='t:Wide'/>",
                                            "<x:complexType name='Wide'><x:sequence><x:element name='wide' "
                                            "type='t:Wide' minOccurs='0'/>" +
                                                fields + "</x:sequence></x:complexType>")),
                       {})
          .value();
  const auto nested = [](int depth, const std::string& innermost) {
    std::string text = innermost;
    for (int i = 0; i < depth; ++i) text = "<t:wide>" + text + "</t:wide>";
    return wsdl::ask(text);
  };
  const std::string disordered = "<t:f2>1</t:f2><t:f1>1</t:f1>";
  EXPECT_EQ(wsdl::verdict(nested(10, disordered), *tolerant), "valid");
  EXPECT_NE(wsdl::verdict(nested(200, disordered), *tolerant), "valid");
}

// ---- what the relaxation of nil still grants

TEST(RelaxedAndStrict, ANilFieldWithoutContentNeedsNoValueOfItsType) {
  const auto tolerant =
      wsdl::catalog_of(wsdl::wsdl_of(asking("<x:element name='record' type='o:Record' maxOccurs='9'/>",
                                            "<x:simpleType name='Id'><x:restriction base='x:string'/>"
                                            "</x:simpleType>"),
                                     kRecord),
                       {})
          .value();
  const auto of_field = [&](const std::string& field) {
    const std::string record = "<t:record><o:type/><o:Id/>" + field + "</t:record>";
    return wsdl::verdict(wsdl::ask(record + record + record), *tolerant);
  };
  EXPECT_EQ(of_field("<o:N xsi:nil='true' xsi:type='x:int'/>"), "valid");
  EXPECT_EQ(of_field("<o:N xsi:nil='1' xsi:type='x:int'></o:N>"), "valid");
  EXPECT_EQ(of_field("<o:N xsi:nil='true' xsi:type='o:Record'/>"), "valid");
  EXPECT_EQ(of_field("<o:N xsi:nil='true' xsi:type='x:int'>x</o:N>"),
            "/Envelope/Body/ask/record/N: the value is not of the type of its element; expected int");
  EXPECT_EQ(of_field("<o:N xsi:nil='false' xsi:type='x:int'/>"),
            "/Envelope/Body/ask/record/N: the value is not of the type of its element; expected int");
  EXPECT_EQ(of_field("<o:N xsi:nil='TRUE' xsi:type='x:int'/>"),
            "/Envelope/Body/ask/record/N: the value is not of the type of its element; expected int");
}

}  // namespace
}  // namespace sfjwt::schema
