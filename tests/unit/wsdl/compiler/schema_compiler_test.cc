// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/compiler/schema_compiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/wsdl/wsdl_of.h"

namespace sfjwt::wsdl {
namespace {

using testing::HasSubstr;

constexpr const char* kAsk = "<x:element name='ask'/>\n";

std::string type(const std::string& inside) {
  return "<x:complexType name='T'>" + inside + "</x:complexType>";
}
std::string sequence(const std::string& inside) {
  return type("<x:sequence>" + inside + "</x:sequence>");
}

// "ok", or line and message of the error.
std::string compiled(const std::string& components,
                     const schema::Relaxations& relaxations = schema::Relaxations::none()) {
  const auto catalog = catalog_of(wsdl_of(kAsk + components), {schema::Mode::tolerant, relaxations});
  return catalog ? "ok" : std::to_string(catalog.error().line) + ": " + catalog.error().message;
}

TEST(SchemaCompiler, WhatItDoesNotSupportIsNamedWithItsLine) {
  const std::string wrong[][2] = {
      {type("<x:choice/>"), "4: xsd:choice is not supported"},
      {type("<x:all/>"), "4: xsd:all is not supported"},
      {type("<x:group ref='t:g'/>"), "4: xsd:group is not supported"},
      {sequence("<x:choice/>"), "4: xsd:choice is not supported"},
      {sequence("\n\n<x:group ref='t:g'/>"), "6: xsd:group is not supported"},
      {type("<x:anyAttribute/>"), "4: xsd:anyAttribute is not supported"},
      {type("<x:attributeGroup ref='t:g'/>"), "4: xsd:attributeGroup is not supported"},
      {type("<x:simpleContent><x:extension base='x:string'/></x:simpleContent>"),
       "4: xsd:simpleContent is not supported"},
      {type("<x:complexContent><x:restriction base='x:anyType'/></x:complexContent>"),
       "4: xsd:restriction is not supported"},
      {"<x:group name='g'/>", "4: xsd:group is not supported"},
      {"<x:attributeGroup name='g'/>", "4: xsd:attributeGroup is not supported"},
      {"<x:notation name='n' public='p'/>", "4: xsd:notation is not supported"},
      {"<x:redefine schemaLocation='x'/>", "4: xsd:redefine is not supported"},
      {"<x:simpleType name='T'><x:union memberTypes='x:int'/></x:simpleType>",
       "4: xsd:union is not supported"},
      {"<x:simpleType name='T'><x:list itemType='x:int'/></x:simpleType>", "4: xsd:list is not supported"},
      {"<x:element name='e' substitutionGroup='t:ask'/>",
       "4: the attribute substitutionGroup of xsd:element is not supported"},
      {"<x:element name='e' type='x:int' default='1'/>",
       "4: the attribute default of xsd:element is not supported"},
      {"<x:element name='e' type='x:int' fixed='1'/>",
       "4: the attribute fixed of xsd:element is not supported"},
      {"<x:element name='e' block='extension'/>", "4: the attribute block of xsd:element is not supported"},
      {"<x:element name='e' abstract='true'/>", "4: an abstract element is not supported"},
      {"<x:element name='e'><x:key name='k'><x:selector xpath='a'/><x:field xpath='b'/></x:key></x:element>",
       "4: xsd:key is not supported"},
      {"<x:element name='e'><x:unique name='k'/></x:element>", "4: xsd:unique is not supported"},
      {"<x:element name='e' type='x:NMTOKENS'/>", "4: the type xsd:NMTOKENS is not supported"},
      {"<x:element name='e' type='x:ID'/>", "4: the type xsd:ID is not supported"},
      {type("<x:attribute name='a' type='x:IDREF'/>"), "4: the type xsd:IDREF is not supported"},
      {"<x:simpleType name='T'><x:restriction base='x:ENTITY'/></x:simpleType>",
       "4: the type xsd:ENTITY is not supported"},
      {type("<x:attribute name='a' default='1'/>"),
       "4: the attribute default of xsd:attribute is not supported"},
      {type("<x:attribute ref='t:a' fixed='1'/>") + "<x:attribute name='a'/>",
       "4: the attribute fixed of xsd:attribute is not supported"},
      {"<x:complexType name='T'><x:sequence minOccurs='0'/></x:complexType>",
       "4: a sequence that may be left out or repeated is not supported"},
      {"<x:complexType name='T'><x:sequence maxOccurs='2'/></x:complexType>",
       "4: a sequence that may be left out or repeated is not supported"}};
  for (const auto& [components, problem] : wrong) EXPECT_EQ(compiled(components), problem) << components;
}

TEST(SchemaCompiler, WhatIsWrongIsNamedWithItsLine) {
  const std::string wrong[][2] = {
      {"<x:element/>", "4: xsd:element has no name"},
      {sequence("<x:element/>"), "4: xsd:element has neither name nor ref"},
      {"<x:element name='e' type='t:T'><x:complexType/></x:element>" + type(""),
       "4: xsd:element has a type attribute and a type of its own"},
      {"<x:element name='e' type='nope:T'/>", "4: the prefix of type=\"nope:T\" is not declared"},
      {sequence("<x:element name='e' minOccurs='2'/>"), "4: minOccurs is greater than maxOccurs"},
      {sequence("<x:element name='e' maxOccurs='many'/>"), "4: maxOccurs is not a number of occurrences"},
      {sequence("<x:element name='e' minOccurs='-1'/>"), "4: minOccurs is not a number of occurrences"},
      {sequence("<x:element name='e' minOccurs='unbounded'/>"),
       "4: minOccurs is not a number of occurrences"},
      {sequence("<x:element name='e' nillable='yes'/>"), "4: nillable is neither true nor false"},
      {sequence("<x:any processContents='loose'/>"), "4: processContents is neither lax, skip nor strict"},
      {sequence("<x:element name='e' form='half'/>"), "4: form is neither qualified nor unqualified"},
      {type("<x:attribute ref='t:none'/>"), "4: xsd:attribute refers to one that is not declared"},
      {type("") + type("<x:attribute name='a'/>"), "4: {urn:t}T is defined twice, and not alike"},
      {"<x:element name='ask' nillable='true'/>", "4: {urn:t}ask is defined twice, and not alike"},
      {type("<x:complexContent><x:extension base='t:T'/></x:complexContent>"),
       "4: the type is derived from itself"},
      {type("<x:complexContent><x:extension base='x:int'/></x:complexContent>"),
       "4: an extension of this type is not supported"},
      {type("<x:complexContent/>"), "4: xsd:complexContent has no extension"},
      {"<x:simpleType name='T'/>", "4: xsd:simpleType has no restriction"},
      {"<x:simpleType name='T'><x:restriction base='t:C'/></x:simpleType><x:complexType name='C'/>",
       "4: the base of a simple type is not simple"},
      {"<w:types/>", "4: an element that is not XML Schema"}};
  for (const auto& [components, problem] : wrong) EXPECT_EQ(compiled(components), problem) << components;
}

// What is warned of, without the file, or the error. That the WSDL has no SessionHeader is always the first
// warning and left out.
std::vector<std::string> warnings_of(const std::string& components) {
  const auto catalog =
      catalog_of(wsdl_of(kAsk + components), {schema::Mode::strict, schema::Relaxations::none()});
  if (!catalog) return {"error: " + catalog.error().message};
  std::vector<std::string> warnings;
  for (const std::string& warning : (*catalog)->warnings())
    warnings.push_back(warning.substr(warning.find(':') + 1));
  warnings.erase(warnings.begin());
  return warnings;
}

std::string warned(const std::string& components) {
  std::string all;
  for (const std::string& warning : warnings_of(components)) all += (all.empty() ? "" : "\n") + warning;
  return all;
}

TEST(SchemaCompiler, ContentThatCouldBeReadInTwoWaysIsAWarning) {
  const auto ambiguous_at = [](const std::string& place) {
    return "4: the content model is ambiguous (Unique Particle Attribution) at " + place +
           "; the first match decides";
  };
  EXPECT_EQ(warned(sequence("<x:any minOccurs='0' processContents='lax'/><x:element name='e'/>")),
            ambiguous_at("element e"));
  EXPECT_EQ(warned(sequence("<x:element name='e' minOccurs='0'/><x:any processContents='lax'/>")),
            ambiguous_at("element e"));
  EXPECT_EQ(warned(sequence("<x:any maxOccurs='2'/><x:any namespace='##local'/>")),
            ambiguous_at("a wildcard"));
  EXPECT_EQ(warned(sequence("<x:any namespace='urn:q' minOccurs='0'/><x:any namespace='##other'/>")),
            ambiguous_at("a wildcard"));
  EXPECT_EQ(warned(sequence("<x:element name='e' minOccurs='0'/><x:element name='e'/>")),
            ambiguous_at("element e"));
}

TEST(SchemaCompiler, ContentThatCanBeReadInOneWayOnlyIsNoWarning) {
  for (const char* particles :
       {"<x:element name='e' minOccurs='0'/><x:any namespace='##other' processContents='lax'/>",
        "<x:element name='e'/><x:any/><x:element name='f'/>",
        "<x:any namespace='urn:o' minOccurs='0'/><x:any namespace='##local urn:q' minOccurs='0'/>",
        "<x:element name='e' minOccurs='0'/><x:element name='f'/><x:any minOccurs='0' "
        "maxOccurs='unbounded'/>",
        "<x:element name='e'/><x:element name='e'/>",
        "<x:element name='e' minOccurs='0'/><x:element name='f'/><x:element name='e'/>"}) {
    EXPECT_EQ(warned(sequence(particles)), "") << particles;
  }
}

TEST(SchemaCompiler, AmbiguityIsToldOfTheTypeThatHasItAndNotOfThoseDerivedFromIt) {
  EXPECT_EQ(warnings_of(sequence("<x:element name='e' minOccurs='0'/><x:element name='e' minOccurs='0'/>") +
                        "\n<x:complexType name='D'><x:complexContent><x:extension base='t:T'><x:sequence>"
                        "<x:element name='f'/></x:sequence></x:extension></x:complexContent></x:complexType>")
                .size(),
            1);
}

TEST(SchemaCompiler, WhereTwoParticlesOfOneNameCouldTakeAnElementTheFirstDoes) {
  const auto catalog = catalog_of(
      wsdl_of(
          "<x:element name='ask'><x:complexType><x:sequence><x:element name='a' type='x:int' minOccurs='0'/>"
          "<x:element name='b' type='x:int' minOccurs='0'/>"
          "<x:element name='a' type='x:int' minOccurs='0' maxOccurs='2'/>"
          "</x:sequence></x:complexType></x:element>"),
      {schema::Mode::strict, schema::Relaxations::none()});
  ASSERT_TRUE(catalog) << catalog.error().message;
  const std::string a = "<t:a>1</t:a>";
  const std::string b = "<t:b>1</t:b>";
  for (const std::string& children : {std::string(), a, b, a + b, b + a, a + a, a + a + a, a + b + a + a})
    EXPECT_EQ(verdict(ask(children), **catalog), "valid") << children;
  for (const std::string& children :
       {a + a + b, a + a + a + a, b + b, a + b + a + b, std::string("<t:a>x</t:a>")})
    EXPECT_NE(verdict(ask(children), **catalog), "valid") << children;
}

TEST(SchemaCompiler, WhereAnElementAndAWildcardCouldTakeAnElementTheFormerDoes) {
  const auto catalog =
      catalog_of(wsdl_of("<x:element name='ask'><x:complexType><x:sequence>"
                         "<x:any minOccurs='0' maxOccurs='unbounded' processContents='skip'/>"
                         "<x:element name='a' type='x:int' minOccurs='0'/>"
                         "</x:sequence></x:complexType></x:element>"),
                 {schema::Mode::strict, schema::Relaxations::none()});
  ASSERT_TRUE(catalog) << catalog.error().message;
  EXPECT_EQ(verdict(ask("<t:b/><t:b/><t:a>1</t:a>"), **catalog), "valid");
  EXPECT_NE(verdict(ask("<t:a>x</t:a>"), **catalog), "valid");
}

// Element Declarations Consistent (section 3.8.6).
TEST(SchemaCompiler, ElementsOfOneNameWithDifferentTypesAreAWarning) {
  EXPECT_EQ(
      warned(sequence("<x:element name='e'/><x:element name='f'/><x:element name='e' type='x:int'/>")),
      "4: elements of one sequence with the same name have different types: e; the first match decides");
}

TEST(SchemaCompiler, EachOfTheElementsOfOneNameHasItsOwnType) {
  const auto catalog =
      catalog_of(wsdl_of("<x:element name='ask'><x:complexType><x:sequence><x:element name='a' type='x:int'/>"
                         "<x:element name='a' type='x:boolean'/></x:sequence></x:complexType></x:element>"),
                 {schema::Mode::strict, schema::Relaxations::none()});
  ASSERT_TRUE(catalog) << catalog.error().message;
  EXPECT_EQ(verdict(ask("<t:a>7</t:a><t:a>true</t:a>"), **catalog), "valid");
  EXPECT_NE(verdict(ask("<t:a>true</t:a><t:a>true</t:a>"), **catalog), "valid");
  EXPECT_NE(verdict(ask("<t:a>7</t:a><t:a>7</t:a>"), **catalog), "valid");
}

TEST(SchemaCompiler, DefinitionsThatAreRepeatedAlikeAreAWarning) {
  EXPECT_EQ(warned(kAsk), "4: {urn:t}ask is defined twice, alike both times");
  const std::string once = sequence("<x:element name='e' type='t:S'/>") +
                           "<x:simpleType name='S'><x:restriction base='x:string'>"
                           "<x:enumeration value='a'/></x:restriction></x:simpleType>";
  EXPECT_EQ(warned(once + "\n" + once),
            "5: {urn:t}T is defined twice, alike both times\n5: {urn:t}S is defined twice, alike both times");
}

TEST(SchemaCompiler, NamesAreComparedByWhatTheyMeanWhereADefinitionIsRepeated) {
  const auto with_prefix = [](const std::string& prefix, const std::string& uri, const std::string& form) {
    return "</x:schema><x:schema targetNamespace='urn:t' elementFormDefault='" + form + "' xmlns:" + prefix +
           "='" + uri + "'>" + sequence("<x:element name='e' type='" + prefix + ":int'/>");
  };
  const std::string xsd = "http://www.w3.org/2001/XMLSchema";
  const std::string first = sequence("<x:element type='x:int' name='e'/>");
  EXPECT_EQ(warned(first + with_prefix("y", xsd, "qualified")),
            "4: {urn:t}T is defined twice, alike both times");
  EXPECT_THAT(warned(first + with_prefix("y", "urn:other", "qualified")), HasSubstr("not alike"));
  EXPECT_THAT(warned(first + with_prefix("y", xsd, "unqualified")), HasSubstr("not alike"));
}

TEST(SchemaCompiler, AnnotationsMakeNoDifferenceWhereADefinitionIsRepeated) {
  EXPECT_EQ(warned(type("<x:sequence><x:element name='e'/></x:sequence>") +
                   type("<x:annotation><x:documentation>d</x:documentation></x:annotation>"
                        "<x:sequence><x:annotation/><x:element name='e'/></x:sequence>")),
            "4: {urn:t}T is defined twice, alike both times");
}

TEST(SchemaCompiler, DefinitionsThatDifferAnywhereAreAnError) {
  const std::string first = sequence("<x:element name='e' minOccurs='0'/><x:element name='f'/>");
  for (const char* other :
       {"<x:element name='e' minOccurs='0'/>", "<x:element name='f'/><x:element name='e' minOccurs='0'/>",
        "<x:element name='e' minOccurs='1'/><x:element name='f'/>",
        "<x:element name='e' minOccurs='0'/><x:element name='f'/><x:element name='g' minOccurs='0'/>",
        "<x:element name='e' minOccurs='0' nillable='true'/><x:element name='f'/>",
        "<x:element name='e' minOccurs='0' maxOccurs='1'/><x:element name='f'/>",
        "<x:element name='e' minOccurs='0'/><x:any/>"}) {
    EXPECT_EQ(warned(first + sequence(other)), "error: {urn:t}T is defined twice, and not alike") << other;
  }
}

TEST(SchemaCompiler, RelaxationsDoNotMakeASchemaAmbiguous) {
  EXPECT_EQ(compiled(sequence("<x:element name='f' minOccurs='0' maxOccurs='unbounded' nillable='true'/>"
                              "<x:element name='Id' nillable='true'/>"
                              "<x:any namespace='##targetNamespace' minOccurs='0' maxOccurs='unbounded' "
                              "processContents='lax'/>"),
                     schema::Relaxations::all()),
            "ok");
  EXPECT_EQ(
      compiled(
          sequence(
              "<x:any namespace='##targetNamespace' minOccurs='0'/><x:element name='e' form='unqualified'/>"),
          schema::Relaxations::all()),
      "ok");
}

TEST(SchemaCompiler, TypesThatAreDefinedNowhereAreWarningsWithFileAndLine) {
  const auto catalog = catalog_of(
      wsdl_of("<x:element name='ask'><x:complexType><x:sequence><x:element name='a' type='x:int'/>\n"
              "<x:element name='b' type='t:Missing' minOccurs='0'/><x:element name='c' type='t:Derived' "
              "minOccurs='0'/>"
              "<x:element ref='t:gone' minOccurs='0'/></x:sequence></x:complexType></x:element>"
              "<x:complexType name='Derived'><x:complexContent><x:extension "
              "base='o:Missing'/></x:complexContent></x:complexType>"),
      {schema::Mode::strict, schema::Relaxations::none()});
  ASSERT_TRUE(catalog) << catalog.error().message;
  const auto& warnings = (*catalog)->warnings();
  EXPECT_THAT(warnings, testing::Contains(HasSubstr(":4: type {urn:t}Missing is not defined")));
  EXPECT_THAT(warnings, testing::Contains(HasSubstr(":4: type {urn:o}Missing is not defined")));
  EXPECT_THAT(warnings, testing::Contains(HasSubstr(":4: element {urn:t}gone is not declared")));
  EXPECT_EQ(verdict(ask("<t:a>1</t:a>"), **catalog), "valid");
  for (const char* used : {"<t:b/>", "<t:c/>", "<t:gone/>"}) {
    EXPECT_THAT(verdict(ask(std::string("<t:a>1</t:a>") + used), **catalog),
                HasSubstr("the WSDL does not define the type of this element"))
        << used;
  }
}

TEST(SchemaCompiler, InlineSchemasSeeEachOtherWithoutImports) {
  const auto catalog =
      catalog_of(wsdl_of("<x:element name='ask' type='o:T'/>",
                         "<x:complexType name='T'><x:sequence><x:element ref='t:other'/>"
                         "</x:sequence></x:complexType><x:element name='other' type='x:int'/>"),
                 {schema::Mode::strict, schema::Relaxations::none()});
  ASSERT_TRUE(catalog) << catalog.error().message;
  EXPECT_EQ((*catalog)->warnings().size(), 2U) << "no SessionHeader, and t:other is o:other";
}

TEST(SchemaCompiler, FieldsByTheHundredAreFoundEach) {
  std::string fields;
  for (int i = 0; i < 800; ++i)
    fields += "<x:element name='Field" + std::to_string(i) + "__c' type='x:int' minOccurs='0'/>";
  const auto catalog = catalog_of(wsdl_of("<x:element name='ask' type='t:T'/>" + sequence(fields)),
                                  {schema::Mode::strict, schema::Relaxations::none()});
  ASSERT_TRUE(catalog) << catalog.error().message;
  for (int i = 0; i < 800; i += 7) {
    const std::string name = "t:Field" + std::to_string(i) + "__c";
    EXPECT_EQ(verdict(ask('<' + name + ">1</" + name + '>'), **catalog), "valid");
  }
  EXPECT_THAT(verdict(ask("<t:Field800__c>1</t:Field800__c>"), **catalog),
              HasSubstr("the element is not declared here: t:Field800__c"));
}

}  // namespace
}  // namespace sfjwt::wsdl
