// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/simple_type.h"

#include <gtest/gtest.h>

#include "tests/unit/wsdl/wsdl_of.h"

namespace sfjwt::schema {
namespace {

TEST(Builtins, HaveTheirNamesAndAreDerivedAsTheStandardDraws) {
  EXPECT_EQ(name_of(Builtin::date_time), "dateTime");
  EXPECT_EQ(name_of(Builtin::unsigned_byte), "unsignedByte");
  EXPECT_EQ(base_of(Builtin::int_), Builtin::long_);
  EXPECT_EQ(base_of(Builtin::unsigned_long), Builtin::non_negative_integer);
  EXPECT_EQ(base_of(Builtin::nc_name), Builtin::name);
  EXPECT_EQ(name_of(Builtin::id_ref), "IDREF");
  EXPECT_EQ(base_of(Builtin::id_ref), Builtin::nc_name);
}

// A simple type "T" made of this restriction, asked for values in <v>.
class Restricted {
 public:
  explicit Restricted(const std::string& restriction)
      : catalog_(wsdl::catalog_of(
            wsdl::wsdl_of("<x:simpleType name='T'>" + restriction +
                          "</x:simpleType>"
                          "<x:element name='ask'><x:complexType><x:sequence><x:element name='v' "
                          "type='t:T'/></x:sequence>"
                          "</x:complexType></x:element>"),
            {Mode::strict, Relaxations::none()})) {}
  bool takes(const std::string& value) const {
    if (!catalog_) ADD_FAILURE() << catalog_.error().message;
    return catalog_ && wsdl::verdict(wsdl::ask("<t:v>" + value + "</t:v>"), **catalog_) == "valid";
  }
  std::string problem() const { return catalog_ ? "" : catalog_.error().message; }

 private:
  Result<std::shared_ptr<const soap::Catalog>, soap::WsdlError> catalog_;
};

std::string facets(const std::string& base, const std::string& inside) {
  return "<x:restriction base='x:" + base + "'>" + inside + "</x:restriction>";
}

TEST(SimpleType, BlanksAtTheEndsCountOnlyInStrings) {
  EXPECT_TRUE(Restricted(facets("int", "")).takes(" 5\n"));
  EXPECT_TRUE(Restricted(facets("dateTime", "")).takes("\t2024-01-01T00:00:00Z "));
  EXPECT_TRUE(Restricted(facets("boolean", "")).takes("&#13;true&#9;"));
  EXPECT_FALSE(Restricted(facets("int", "")).takes("5 5"));
  EXPECT_FALSE(Restricted(facets("int", ""))
                   .takes("\xC2\xA0"
                          "5"));
  EXPECT_FALSE(Restricted(facets("string", "<x:length value='1'/>")).takes(" a"));
  EXPECT_TRUE(Restricted(facets("token", "<x:length value='3'/>")).takes("  a \n b "));
  EXPECT_TRUE(Restricted(facets("normalizedString", "<x:pattern value='a b'/>")).takes("a\nb"));
  EXPECT_TRUE(
      Restricted(facets("string", "<x:whiteSpace value='collapse'/><x:length value='1'/>")).takes(" a "));
}

TEST(SimpleType, LengthsCountCharactersOrOctets) {
  const Restricted two(facets("string", "<x:minLength value='2'/><x:maxLength value='3'/>"));
  EXPECT_TRUE(two.takes("\xE2\x82\xAC\xF0\x9F\x98\x80"));
  EXPECT_TRUE(two.takes("&#x20AC;&amp;x"));
  EXPECT_FALSE(two.takes("\xE2\x82\xAC"));
  EXPECT_FALSE(two.takes("abcd"));
  const Restricted octets(facets("base64Binary", "<x:maxLength value='4'/>"));
  EXPECT_TRUE(octets.takes("QUJD RA=="));
  EXPECT_FALSE(octets.takes("QUJDREU="));
  EXPECT_TRUE(Restricted(facets("hexBinary", "<x:length value='2'/>")).takes("0aFf"));
}

TEST(SimpleType, EnumerationsAreComparedInTheValueSpace) {
  const Restricted colours(facets(
      "string", "<x:enumeration value='red'/><x:enumeration value=' green '/><x:enumeration value=''/>"));
  EXPECT_TRUE(colours.takes("red"));
  EXPECT_TRUE(colours.takes(" green "));
  EXPECT_TRUE(colours.takes(""));
  EXPECT_FALSE(colours.takes("green"));
  EXPECT_FALSE(colours.takes("Red"));
  const Restricted tokens(facets("token", "<x:enumeration value=' red  green'/>"));
  EXPECT_TRUE(tokens.takes(" red green "));
  const Restricted numbers(facets("decimal", "<x:enumeration value='10'/>"));
  EXPECT_TRUE(numbers.takes("010.00"));
  EXPECT_FALSE(numbers.takes("100"));
}

TEST(SimpleType, BoundsAndDigitsOfNumbers) {
  const Restricted percent(facets("decimal", "<x:minInclusive value='0'/><x:maxInclusive value='100'/>"));
  EXPECT_TRUE(percent.takes("100.000"));
  EXPECT_TRUE(percent.takes("-0"));
  EXPECT_FALSE(percent.takes("100.001"));
  EXPECT_FALSE(percent.takes("-.1"));
  const Restricted inner(facets("int", "<x:minExclusive value='-1'/><x:maxExclusive value='2'/>"));
  EXPECT_TRUE(inner.takes("1"));
  EXPECT_FALSE(inner.takes("2"));
  EXPECT_FALSE(inner.takes("-1"));
  const Restricted price(facets("decimal", "<x:totalDigits value='5'/><x:fractionDigits value='2'/>"));
  EXPECT_TRUE(price.takes("000123.4500"));
  EXPECT_FALSE(price.takes("1.234"));
  EXPECT_FALSE(price.takes("1234.56"));
}

TEST(SimpleType, BoundsOfFloatingPointNumbers) {
  const Restricted range(facets("double", "<x:minInclusive value='-1.5'/><x:maxExclusive value='1e3'/>"));
  for (const char* inside : {"-1.5", "-15E-1", "999.999", " +0 ", "1e-400"})
    EXPECT_TRUE(range.takes(inside)) << inside;
  for (const char* outside : {"-1.6", "1000", "1E3", "INF", "-INF", "NaN", "1e400"})
    EXPECT_FALSE(range.takes(outside)) << outside;
  EXPECT_TRUE(Restricted(facets("float", "<x:maxInclusive value='INF'/>")).takes("INF"));
}

TEST(SimpleType, PatternsOfOneStepAreAlternativesAndStepsAddUp) {
  const Restricted codes(
      "<x:simpleType><x:restriction base='x:string'><x:pattern value='[A-Z]+'/><x:pattern value='\\d+'/>"
      "</x:restriction></x:simpleType>");
  EXPECT_NE(codes.problem(), "") << "a restriction is missing around the inner type";
  const Restricted both(
      "<x:restriction><x:simpleType><x:restriction base='x:string'><x:pattern value='[A-Z]+'/>"
      "<x:pattern value='\\d+'/></x:restriction></x:simpleType><x:pattern value='.{2}'/></x:restriction>");
  EXPECT_TRUE(both.takes("AB"));
  EXPECT_TRUE(both.takes("12"));
  EXPECT_FALSE(both.takes("A1"));
  EXPECT_FALSE(both.takes("123"));
}

TEST(SimpleType, APatternThatCannotBeMatchedWithinTheLimitsGivesWayToOneThatDecides) {
  const auto pattern = [](const char* expression) { return XsdPattern::compile(expression).value(); };
  const XsdPattern endless = pattern("(a|aa)+(a|aa)+(a|aa)+b");
  const std::string text = std::string(200, 'a') + "cb";
  SimpleType type;
  type.builtin = Builtin::string;
  type.faceted = true;
  type.patterns = {{endless}};
  EXPECT_EQ(type.judge(text), Fit::unknown);
  type.patterns = {{endless, pattern("b")}};
  EXPECT_EQ(type.judge(text), Fit::unknown);
  type.patterns = {{endless, pattern("[abc]*")}};
  EXPECT_EQ(type.judge(text), Fit::yes) << "one alternative is enough";
  type.patterns = {{endless}, {pattern("[abc]*")}};
  EXPECT_EQ(type.judge(text), Fit::unknown);
  type.patterns = {{endless}, {pattern("b")}};
  EXPECT_EQ(type.judge(text), Fit::no) << "each step has to match";
}

TEST(SimpleType, TheIdOfSalesforceHasEighteenLettersAndDigits) {
  const Restricted id(facets("string", "<x:length value='18'/><x:pattern value='[a-zA-Z0-9]{18}'/>"));
  EXPECT_TRUE(id.takes("001000000000001AAA"));
  EXPECT_FALSE(id.takes("001000000000001"));
  EXPECT_FALSE(id.takes("001000000000001AA-"));
  EXPECT_FALSE(id.takes(" 001000000000001AAA"));
  EXPECT_FALSE(
      id.takes("00100000000000\xC3\xA9"
               "AA"));
}

TEST(SimpleType, FacetsThatCannotBeJudgedAreErrors) {
  const std::pair<std::string, std::string> wrong[] = {
      {facets("date", "<x:minInclusive value='2024-01-01'/>"), "bounds of date are not supported"},
      {facets("double", "<x:enumeration value='1'/>"), "an enumeration of double is not supported"},
      {facets("int", "<x:length value='1'/>"), "xsd:length of int is not supported"},
      {facets("string", "<x:totalDigits value='1'/>"), "xsd:totalDigits of string is not supported"},
      {facets("string", "<x:length value='x'/>"), "the value of xsd:length is not a length"},
      {facets("string", "<x:length/>"), "this is not a facet"},
      {facets("string", "<x:pattern value='('/>"), "the pattern cannot be read: missing closing parenthesis"},
      {facets("int", "<x:enumeration value='x'/>"), "the enumerated value is not of its type"},
      {facets("string", "<x:assertion test='x' value=''/>"), "xsd:assertion is not supported"},
      {facets("string", "<x:whiteSpace value='shrink'/>"),
       "whiteSpace is neither preserve, replace nor collapse"}};
  for (const auto& [restriction, problem] : wrong) EXPECT_EQ(Restricted(restriction).problem(), problem);
}

}  // namespace
}  // namespace sfjwt::schema
