// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/validator.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "tests/unit/wsdl/wsdl_of.h"

namespace sfjwt::schema {
namespace {

// The kinds of content a message can have, under {urn:t}ask.
constexpr const char* kComponents = R"(
  <x:element name='ask'>
    <x:complexType>
      <x:sequence>
        <x:element name='id' type='t:Id' minOccurs='0' nillable='true'/>
        <x:element name='record' type='o:Record' minOccurs='0' maxOccurs='3' nillable='true'/>
        <x:element name='partner' type='t:Partner' minOccurs='0'/>
        <x:element name='any' minOccurs='0'/>
        <x:element name='strict' type='t:Strict' minOccurs='0'/>
        <x:element name='skip' type='t:Skip' minOccurs='0'/>
        <x:element name='empty' type='t:Empty' minOccurs='0'/>
        <x:element name='mixed' type='t:Mixed' minOccurs='0'/>
        <x:element name='attributed' type='t:Attributed' minOccurs='0'/>
        <x:element name='options' type='t:Options' minOccurs='0'/>
        <x:element name='date' type='x:date' minOccurs='0'/>
        <x:element name='name' type='x:QName' minOccurs='0'/>
        <x:element name='text' type='x:string' minOccurs='0'/>
        <x:element name='code' type='t:Code' minOccurs='0'/>
        <x:element name='coded' minOccurs='0'>
          <x:complexType><x:sequence/><x:attribute name='code' type='t:Code'/></x:complexType>
        </x:element>
        <x:element name='flag' type='x:boolean' minOccurs='0'/>
      </x:sequence>
    </x:complexType>
  </x:element>
  <x:simpleType name='Id'>
    <x:restriction base='x:string'><x:length value='18'/><x:pattern value='[a-zA-Z0-9]{18}'/></x:restriction>
  </x:simpleType>
  <x:simpleType name='Code'>
    <x:restriction base='x:string'><x:pattern value='(a|aa)+(a|aa)+(a|aa)+b'/></x:restriction>
  </x:simpleType>
  <x:element name='known' type='x:int' nillable='true'/>
  <x:complexType name='Partner'>
    <x:sequence>
      <x:element name='type' type='x:string'/>
      <x:element name='Id' type='t:Id' nillable='true'/>
      <x:any namespace='##targetNamespace' minOccurs='0' maxOccurs='unbounded' processContents='lax'/>
    </x:sequence>
  </x:complexType>
  <x:complexType name='Strict'><x:sequence><x:any maxOccurs='2'/></x:sequence></x:complexType>
  <x:complexType name='Skip'><x:sequence><x:any namespace='##other' processContents='skip'/></x:sequence></x:complexType>
  <x:complexType name='Empty'><x:sequence/></x:complexType>
  <x:complexType name='Options'>
    <x:sequence><x:element name='all' type='x:boolean'/><x:element name='most' type='x:int'/></x:sequence>
  </x:complexType>
  <x:complexType name='Mixed' mixed='true'><x:sequence><x:element name='b' type='x:int'/></x:sequence></x:complexType>
  <x:complexType name='Attributed'>
    <x:sequence/><x:attribute name='must' type='x:int' use='required'/><x:attribute name='may' type='x:boolean'/>
  </x:complexType>)";
constexpr const char* kObjects = R"(
  <x:complexType name='Record' abstract='true'>
    <x:sequence><x:element name='Id' type='t:Id' nillable='true'/></x:sequence>
  </x:complexType>
  <x:complexType name='Account'>
    <x:complexContent><x:extension base='o:Record'>
      <x:sequence>
        <x:element name='Name' type='x:string' nillable='true' minOccurs='0'/>
        <x:element name='Size' type='x:int'/>
        <x:element name='Tag' type='x:string' minOccurs='0' maxOccurs='2'/>
      </x:sequence>
    </x:extension></x:complexContent>
  </x:complexType>
  <x:complexType name='Stranger'><x:sequence/></x:complexType>)";

const soap::Catalog& catalog(const Relaxations& relaxations) {
  static std::map<Relaxations, std::shared_ptr<const soap::Catalog>> catalogs;
  auto& catalog = catalogs[relaxations];
  if (!catalog)
    catalog = wsdl::catalog_of(wsdl::wsdl_of(kComponents, kObjects), {Mode::tolerant, relaxations}).value();
  return *catalog;
}

std::string strictly(const std::string& children, const std::string& attributes = "") {
  return wsdl::verdict(wsdl::ask(children, attributes), catalog(Relaxations::none()));
}

constexpr const char* kId = "<o:Id>001000000000001AAA</o:Id>";

std::string account(const std::string& children, const std::string& attributes = " xsi:type='o:Account'") {
  return "<t:record" + attributes + ">" + children + "</t:record>";
}

TEST(Validator, TakesWhatTheSchemaDescribes) {
  EXPECT_EQ(strictly(""), "valid");
  EXPECT_EQ(strictly("<!-- none --> \n"), "valid");
  EXPECT_EQ(strictly("<t:id>001000000000001AAA</t:id>" +
                     account(kId + std::string("<o:Name/><o:Size>1</o:Size><o:Tag/><o:Tag/>"))),
            "valid");
  EXPECT_EQ(strictly(account(kId + std::string("<o:Size> 1 </o:Size>")) + "<t:flag>1</t:flag>"), "valid");
}

TEST(Validator, TellsWhatIsMissing) {
  EXPECT_EQ(strictly(account("<o:Size>1</o:Size>")),
            "/Envelope/Body/ask/record/Size: an element is missing before o:Size; expected Id");
  EXPECT_EQ(strictly(account(kId)),
            "/Envelope/Body/ask/record: an element is missing at the end; expected Size");
  EXPECT_EQ(strictly(account("")),
            "/Envelope/Body/ask/record: an element is missing at the end; expected Id");
}

TEST(Validator, TellsWhatIsOutOfOrderOrTooMuch) {
  EXPECT_EQ(strictly("<t:flag>1</t:flag><t:id xsi:nil='true'/>"),
            "/Envelope/Body/ask/id: the element is out of order: t:id");
  EXPECT_EQ(strictly("<t:flag>1</t:flag><t:flag>1</t:flag>"),
            "/Envelope/Body/ask/flag[2]: the element occurs too often: t:flag");
  const std::string record = account(kId + std::string("<o:Size>1</o:Size>"));
  EXPECT_EQ(strictly(record + record + record), "valid");
  EXPECT_EQ(strictly(record + record + record + record),
            "/Envelope/Body/ask/record[4]: the element occurs too often: t:record; expected partner");
}

TEST(Validator, TellsWhatItDoesNotKnow) {
  EXPECT_EQ(strictly("<t:flags>1</t:flags>"),
            "/Envelope/Body/ask/flags: the element is not declared here: t:flags; expected id");
  EXPECT_EQ(strictly("<flag>1</flag>"),
            "/Envelope/Body/ask/flag: the element is not declared here: flag; expected id");
  EXPECT_EQ(strictly("<o:flag>1</o:flag>"),
            "/Envelope/Body/ask/flag: the element is not declared here: o:flag; expected id");
}

TEST(Validator, TextHasItsPlaces) {
  EXPECT_EQ(strictly("x<t:flag>1</t:flag>"),
            "/Envelope/Body/ask/flag: text appears where only elements are allowed, before t:flag");
  EXPECT_EQ(strictly("<t:flag>1</t:flag>x"),
            "/Envelope/Body/ask: text appears where only elements are allowed");
  EXPECT_EQ(strictly("&#32;<![CDATA[ ]]><t:flag>1</t:flag>"), "valid")
      << "white space is white space however it is written";
  EXPECT_EQ(strictly("<t:flag><t:x/></t:flag>"),
            "/Envelope/Body/ask/flag/x: an element appears where only text is allowed: t:x");
  EXPECT_EQ(strictly("<t:flag>tr<!-- -->ue</t:flag>"), "valid");
  EXPECT_EQ(strictly("<t:flag>yes</t:flag>"),
            "/Envelope/Body/ask/flag: the value is not of the type of its element; expected boolean");
  EXPECT_EQ(strictly("<t:mixed>a<t:b>1</t:b>c</t:mixed>"), "valid");
  EXPECT_EQ(strictly("<t:mixed>a</t:mixed>"),
            "/Envelope/Body/ask/mixed: an element is missing at the end; expected b");
}

TEST(Validator, EmptyContentHasNotEvenWhiteSpace) {
  EXPECT_EQ(strictly("<t:empty/>"), "valid");
  EXPECT_EQ(strictly("<t:empty><!-- --><![CDATA[]]></t:empty>"), "valid");
  EXPECT_EQ(strictly("<t:empty> </t:empty>"),
            "/Envelope/Body/ask/empty: text appears where nothing is allowed");
  EXPECT_EQ(strictly("<t:empty><t:x/></t:empty>"),
            "/Envelope/Body/ask/empty/x: the element is not declared here: t:x");
}

TEST(Validator, NilNeedsANillableElementWithoutContent) {
  EXPECT_EQ(strictly("<t:id xsi:nil='true'/>"), "valid");
  EXPECT_EQ(strictly("<t:id xsi:nil=' 1 '><!-- --></t:id>"), "valid");
  EXPECT_EQ(strictly("<t:id xsi:nil='false'>001000000000001AAA</t:id>"), "valid");
  EXPECT_EQ(strictly("<t:id xsi:nil='false'/>"),
            "/Envelope/Body/ask/id: the value is not of the type of its element; expected Id");
  EXPECT_EQ(strictly("<t:id xsi:nil='true'> </t:id>"),
            "/Envelope/Body/ask/id: an element that is nil has content");
  EXPECT_EQ(strictly("<t:id xsi:nil='true'><t:x/></t:id>"),
            "/Envelope/Body/ask/id/x: an element that is nil has content");
  EXPECT_EQ(strictly("<t:id xsi:nil='yes'/>"), "/Envelope/Body/ask/id: xsi:nil is not a boolean on t:id");
  EXPECT_EQ(strictly("<t:flag xsi:nil='true'/>"),
            "/Envelope/Body/ask/flag: the element may not be nil: t:flag");
  EXPECT_EQ(strictly("<t:flag xsi:nil='false'>1</t:flag>"),
            "/Envelope/Body/ask/flag: the element may not be nil: t:flag");
  EXPECT_EQ(strictly(account("", " xsi:type='o:Account' xsi:nil='true'")), "valid");
}

TEST(Validator, XsiTypeNamesADerivedTypeThatIsNotAbstract) {
  const std::string content = kId + std::string("<o:Size>1</o:Size>");
  EXPECT_EQ(strictly(account(content, " xsi:type='&#32;o:Account\n'")), "valid");
  EXPECT_EQ(strictly(account(content, "")),
            "/Envelope/Body/ask/record: an abstract type needs an xsi:type that names a concrete one");
  EXPECT_EQ(strictly(account(content, " xsi:type='o:Record'")),
            "/Envelope/Body/ask/record: an abstract type needs an xsi:type that names a concrete one");
  EXPECT_EQ(
      strictly(account(content, " xsi:type='o:Stranger'")),
      "/Envelope/Body/ask/record: xsi:type names a type that is not allowed here, on t:record; expected "
      "Record");
  EXPECT_EQ(strictly(account(content, " xsi:type='o:Acount'")),
            "/Envelope/Body/ask/record: xsi:type does not name a type of the WSDL on t:record");
  EXPECT_EQ(strictly(account(content, " xsi:type='t:Account'")),
            "/Envelope/Body/ask/record: xsi:type does not name a type of the WSDL on t:record");
  EXPECT_EQ(strictly(account(content, " xsi:type='Account'")),
            "/Envelope/Body/ask/record: xsi:type does not name a type of the WSDL on t:record");
  EXPECT_EQ(strictly(account(content, " xsi:type='p:Account'")),
            "/Envelope/Body/ask/record: the prefix of xsi:type is not declared on t:record");
  EXPECT_EQ(strictly(account(content, " xmlns='urn:o' xsi:type='Account'")), "valid");
  EXPECT_EQ(strictly("<t:flag xsi:type='x:boolean'>1</t:flag>"), "valid");
  EXPECT_NE(strictly("<t:flag xsi:type='x:string'>1</t:flag>"), "valid");
  for (const char* name : {":Account", "o:", "o:Account:", "", "o :Account"}) {
    EXPECT_NE(strictly(account(content, std::string(" xmlns='urn:o' xsi:type='") + name + "'")), "valid")
        << name;
  }
}

TEST(Validator, AStringMayBeSaidToBeAnIdentifier) {
  for (const std::string type : {"x:ID", "x:IDREF"}) {
    const auto text = [&type](const std::string& value) {
      return strictly("<t:text xsi:type='" + type + "'>" + value + "</t:text>");
    };
    EXPECT_EQ(text("a-1"), "valid") << type;
    EXPECT_EQ(text(" a-1\n"), "valid") << type;
    EXPECT_EQ(strictly("<t:any xsi:type='" + type + "'>a-1</t:any>"), "valid");
    for (const char* wrong : {"", "1a", "a:b", "a b", "-"}) {
      EXPECT_EQ(
          text(wrong),
          "/Envelope/Body/ask/text: the value is not of the type of its element; expected " + type.substr(2))
          << wrong;
    }
    EXPECT_NE(strictly("<t:flag xsi:type='" + type + "'>true</t:flag>"), "valid") << "no boolean is one";
    EXPECT_NE(strictly("<t:id xsi:type='" + type + "'>a01000000000001AAA</t:id>"), "valid") << "nor an id";
  }
  for (const char* other :
       {"x:IDREFS", "x:ENTITY", "x:ENTITIES", "x:NMTOKENS", "x:NOTATION", "x:Id", "t:ID", "ID"}) {
    EXPECT_EQ(strictly(std::string("<t:text xsi:type='") + other + "'>a</t:text>"),
              "/Envelope/Body/ask/text: xsi:type does not name a type of the WSDL on t:text")
        << other;
  }
}

TEST(Validator, SaysThatAPatternCouldNotBeChecked) {
  EXPECT_EQ(strictly("<t:code>aaab</t:code>"), "valid");
  EXPECT_EQ(strictly("<t:code>b</t:code>"),
            "/Envelope/Body/ask/code: the value is not of the type of its element; expected Code");
  const std::string many = std::string(200, 'a') + "cb";
  EXPECT_EQ(strictly("<t:code>" + many + "</t:code>"),
            "/Envelope/Body/ask/code: the value could not be checked against the pattern of its type, which "
            "takes too many steps; expected Code");
  EXPECT_EQ(
      strictly("<t:coded code='" + many + "'/>"),
      "/Envelope/Body/ask/coded: the value of the attribute could not be checked against the pattern of "
      "its type, which takes too many steps: code; expected Code");
}

TEST(Validator, AnyTypeIsHeldToWhatIsKnown) {
  EXPECT_EQ(strictly("<t:any z='1' xml:lang='en'>text<u xmlns='urn:u'><v/></u></t:any>"), "valid");
  EXPECT_EQ(strictly("<t:any><t:known>x</t:known></t:any>"),
            "/Envelope/Body/ask/any/known: the value is not of the type of its element; expected int");
  EXPECT_EQ(strictly("<t:any xsi:type='x:int'>5</t:any>"), "valid");
  EXPECT_EQ(strictly("<t:any xsi:type='x:int'>five</t:any>"),
            "/Envelope/Body/ask/any: the value is not of the type of its element; expected int");
  EXPECT_EQ(strictly("<t:any xsi:type='o:Stranger' z='1'/>"),
            "/Envelope/Body/ask/any: the attribute is not declared: z");
}

TEST(Validator, WildcardsTakeWhatTheirNamespacesAllow) {
  const std::string head = "<t:type>Account</t:type><t:Id xsi:nil='true'/>";
  const auto partner = [&](const std::string& rest) {
    return strictly("<t:partner>" + head + rest + "</t:partner>");
  };
  EXPECT_EQ(partner("<t:Name>Acme</t:Name><t:Nested><t:deep/></t:Nested>"), "valid");
  EXPECT_EQ(partner("<t:Id>x</t:Id><t:type/>"), "valid")
      << "a wildcard takes names that are declared beside it too";
  EXPECT_EQ(partner("<t:known>5</t:known>"), "valid");
  EXPECT_EQ(partner("<t:known>x</t:known>"),
            "/Envelope/Body/ask/partner/known: the value is not of the type of its element; expected int");
  EXPECT_EQ(partner("<t:Age xsi:type='x:int'>x</t:Age>"),
            "/Envelope/Body/ask/partner/Age: the value is not of the type of its element; expected int");
  EXPECT_EQ(partner("<o:Name/>").substr(0, 60),
            "/Envelope/Body/ask/partner/Name: the element is not declared");
  EXPECT_EQ(strictly("<t:partner><t:Name/></t:partner>").substr(0, 36),
            "/Envelope/Body/ask/partner/Name: the");
  EXPECT_EQ(strictly("<t:strict><t:known>1</t:known><u xsi:type='x:int'>1</u></t:strict>"), "valid");
  EXPECT_EQ(strictly("<t:strict><t:unknown/></t:strict>"),
            "/Envelope/Body/ask/strict/unknown: the WSDL does not declare this element: t:unknown");
  EXPECT_EQ(strictly("<t:skip><o:x><t:known>anything</t:known></o:x></t:skip>"), "valid");
  EXPECT_NE(strictly("<t:skip><t:x/></t:skip>"), "valid");
  EXPECT_NE(strictly("<t:skip><x/></t:skip>"), "valid") << "##other is not for elements without namespace";
}

TEST(Validator, AttributesAreThoseDeclared) {
  EXPECT_EQ(strictly("<t:attributed must=' 5 '/>"), "valid");
  EXPECT_EQ(strictly("<t:attributed must='5' may='true' xsi:schemaLocation='a b'/>"), "valid");
  EXPECT_EQ(strictly("<t:attributed/>"), "/Envelope/Body/ask/attributed: an attribute is missing: must");
  EXPECT_EQ(
      strictly("<t:attributed must='five'/>"),
      "/Envelope/Body/ask/attributed: the value of the attribute is not of its type: must; expected int");
  EXPECT_EQ(strictly("<t:attributed must='5' t:may='1'/>"),
            "/Envelope/Body/ask/attributed: the attribute is not declared: t:may");
  EXPECT_EQ(strictly("", " id='1'"), "/Envelope/Body/ask: the attribute is not declared: id");
  EXPECT_EQ(strictly("<t:flag z='1'>1</t:flag>"),
            "/Envelope/Body/ask/flag: the attribute is not declared: z");
  EXPECT_EQ(strictly("<t:flag xsi:other='1'>1</t:flag>"),
            "/Envelope/Body/ask/flag: the attribute is not declared: xsi:other");
}

TEST(Validator, QNamesNeedABoundPrefix) {
  EXPECT_EQ(strictly("<t:name>t:x</t:name>"), "valid");
  EXPECT_EQ(strictly("<t:name>x</t:name>"), "valid");
  EXPECT_NE(strictly("<t:name>p:x</t:name>"), "valid");
}

// ---- each relaxation alone: refused without it, accepted with it

struct Relaxed {
  bool Relaxations::*relaxation;
  std::string children;
};

class Relaxing : public testing::TestWithParam<Relaxed> {};

TEST_P(Relaxing, LetsInWhatIsRefusedWithoutIt) {
  Relaxations only = Relaxations::none();
  only.*GetParam().relaxation = true;
  EXPECT_EQ(wsdl::verdict(wsdl::ask(GetParam().children), catalog(only)), "valid");
  Relaxations others = Relaxations::all();
  others.*GetParam().relaxation = false;
  EXPECT_NE(wsdl::verdict(wsdl::ask(GetParam().children), catalog(others)), "valid");
  EXPECT_NE(strictly(GetParam().children), "valid");
  EXPECT_EQ(wsdl::verdict(wsdl::ask(GetParam().children), catalog(Relaxations::all())), "valid");
}

INSTANTIATE_TEST_SUITE_P(
    Each, Relaxing,
    testing::Values(Relaxed{&Relaxations::optional_nillable, account("<o:Size>1</o:Size>")},
                    Relaxed{&Relaxations::optional_booleans, "<t:options><t:most>1</t:most></t:options>"},
                    Relaxed{&Relaxations::nil_anywhere, "<t:flag xsi:nil='true'/>"},
                    Relaxed{&Relaxations::value_types, "<t:id xsi:type='x:string'>001000000000001AAA</t:id>"},
                    Relaxed{&Relaxations::message_namespace,
                            account(kId + std::string("<o:Size>1</o:Size>"), " xsi:type='t:Account'")},
                    Relaxed{&Relaxations::unqualified, "<flag>1</flag>"},
                    Relaxed{&Relaxations::any_order, "<t:flag>1</t:flag><t:date>2024-01-01</t:date>"},
                    Relaxed{&Relaxations::short_ids, "<t:id>001000000000001</t:id>"},
                    Relaxed{&Relaxations::date_time_for_date, "<t:date>2024-01-01T00:00:00Z</t:date>"},
                    Relaxed{&Relaxations::blank_empty, "<t:empty>\n</t:empty>"},
                    Relaxed{&Relaxations::object_types,
                            "<t:partner xsi:type='t:Lead'><t:Id xsi:nil='true'/></t:partner>"},
                    Relaxed{&Relaxations::generated_names, "<t:c-gensym1>001000000000001AAA</t:c-gensym1>"}));

TEST(Relaxations, EncodingStyleMayStandOnTheOperation) {
  const std::string style = " e:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'";
  Relaxations only = Relaxations::none();
  only.encoding_style = true;
  Relaxations others = Relaxations::all();
  others.encoding_style = false;
  const std::string refused = "/Envelope/Body/ask: the attribute is not declared: e:encodingStyle";
  EXPECT_EQ(wsdl::verdict(wsdl::ask("", style), catalog(only)), "valid");
  EXPECT_EQ(wsdl::verdict(wsdl::ask("<t:flag>1</t:flag>", style), catalog(Relaxations::all())), "valid");
  EXPECT_EQ(strictly("", style), refused);
  EXPECT_EQ(wsdl::verdict(wsdl::ask("", style), catalog(others)), refused);
}

TEST(Relaxations, OnlyEncodingStyleMayStandOnTheOperation) {
  for (const char* attribute : {" encodingStyle='x'", " t:encodingStyle='x'", " xsi:encodingStyle='x'",
                                " e:encodingstyle='x'", " e:mustUnderstand='1'", " e:actor=''",
                                " e:encodingStyle='x' id='1'", " e:encodingStyle='x' e:root='1'",
                                " xmlns:f='http://www.w3.org/2003/05/soap-envelope' f:encodingStyle='x'"}) {
    EXPECT_NE(wsdl::verdict(wsdl::ask("", attribute), catalog(Relaxations::all())), "valid") << attribute;
  }
  EXPECT_EQ(wsdl::verdict(wsdl::ask("<t:flag e:encodingStyle='x'>1</t:flag>"), catalog(Relaxations::all())),
            "/Envelope/Body/ask/flag: the attribute is not declared: e:encodingStyle");
  EXPECT_EQ(wsdl::verdict(wsdl::ask("<t:empty e:encodingStyle='x'/>", " e:encodingStyle='x'"),
                          catalog(Relaxations::all())),
            "/Envelope/Body/ask/empty: the attribute is not declared: e:encodingStyle");
}

TEST(Relaxations, LeaveMistakesRefused) {
  const auto tolerantly = [](const std::string& children) {
    return wsdl::verdict(wsdl::ask(children), catalog(Relaxations::all()));
  };
  for (const char* mistaken :
       {"<t:flags>1</t:flags>", "<t:flag>yes</t:flag>", "<t:id>0010000000000010</t:id>",
        "<t:date>2024-02-30</t:date>", "<t:flag>1</t:flag><t:flag>1</t:flag>",
        "<t:record xsi:type='o:Acount'/>", "<t:record xsi:type='o:Stranger'/>", "<t:record/>",
        "<t:empty>x</t:empty>", "<t:attributed/>", "<t:date>2024-01-01T25:00:00</t:date>",
        "<t:record xsi:type='o:Account'><o:Id>001000000000001</o:Id></t:record>",
        "<t:partner><t:type/></t:partner><o:x/>", "<t:options><t:all>1</t:all></t:options>"}) {
    EXPECT_NE(tolerantly(mistaken), "valid") << mistaken;
  }
}

// ---- start tags that come again

std::string sized(const std::string& size, const std::string& tag = "") {
  return "<t:record xsi:type='o:Account'><o:Id>001000000000000AAA</o:Id><o:Size>" + size + "</o:Size>" + tag +
         "</t:record>";
}

TEST(ValidatorAgain, EachOfManyRecordsIsHeldToItsType) {
  EXPECT_EQ(strictly(sized("1") + sized("2") + sized("3")), "valid");
  EXPECT_EQ(strictly(sized("1") + sized("2") + sized("x")),
            "/Envelope/Body/ask/record[3]/Size: the value is not of the type of its element; expected int");
}

TEST(ValidatorAgain, TheNumberOfOccurrencesStillCounts) {
  EXPECT_EQ(strictly(sized("1") + sized("2") + sized("3") + sized("4")),
            "/Envelope/Body/ask/record[4]: the element occurs too often: t:record; expected partner");
  EXPECT_EQ(strictly(sized("1", "<o:Tag>a</o:Tag><o:Tag>b</o:Tag><o:Tag>c</o:Tag>")),
            "/Envelope/Body/ask/record/Tag[3]: the element occurs too often: o:Tag");
}

TEST(ValidatorAgain, OrderAndRequiredElementsStillCount) {
  const std::string good = sized("1");
  EXPECT_EQ(strictly(good + "<t:record xsi:type='o:Account'><o:Size>1</o:Size></t:record>"),
            "/Envelope/Body/ask/record[2]/Size: an element is missing before o:Size; expected Id");
  EXPECT_EQ(strictly(good + "<t:record xsi:type='o:Account'><o:Id>001000000000000AAA</o:Id></t:record>"),
            "/Envelope/Body/ask/record[2]: an element is missing at the end; expected Size");
}

TEST(ValidatorAgain, AnotherScopeMakesTheSameBytesAnotherTag) {
  EXPECT_EQ(strictly("<t:any><q xmlns:q='urn:t'><q:known>1</q:known><q:known>2</q:known></q>"
                     "<q xmlns:q='urn:nobody'><q:known>x</q:known></q></t:any>"),
            "valid");
  EXPECT_EQ(
      strictly("<t:any><q xmlns:q='urn:nobody'><q:known>x</q:known></q>"
               "<q xmlns:q='urn:t'><q:known>1</q:known><q:known>x</q:known></q></t:any>"),
      "/Envelope/Body/ask/any/q[2]/known[2]: the value is not of the type of its element; expected int");
}

TEST(ValidatorAgain, ATagThatDeclaresItsOwnNamespacesIsKnownToo) {
  const auto known = [](const std::string& value) {
    return "<q:known xmlns:q='urn:t'>" + value + "</q:known>";
  };
  EXPECT_EQ(strictly("<t:any>" + known("1") + known("2") + known("3") + "</t:any>"), "valid");
  EXPECT_EQ(strictly("<t:any>" + known("1") + known("2") + known("x") + "</t:any>"),
            "/Envelope/Body/ask/any/known[3]: the value is not of the type of its element; expected int");
}

TEST(ValidatorAgain, AQNameIsReadInTheScopeOfItsOwnTag) {
  const auto any = [](const std::string& uri) {
    return "<n xmlns:q='" + uri + "' xsi:type='x:QName'>q:a</n>";
  };
  EXPECT_EQ(strictly("<t:any>" + any("urn:t") + any("urn:t") + any("urn:t") + "</t:any>"), "valid");
}

TEST(ValidatorAgain, NilAndContentAreToldApart) {
  const std::string nil = "<t:known xsi:nil='true'/>";
  EXPECT_EQ(strictly("<t:any>" + nil + nil + "<t:known>1</t:known>" + nil + "</t:any>"), "valid");
  EXPECT_EQ(strictly("<t:any>" + nil + nil + "<t:known/></t:any>"),
            "/Envelope/Body/ask/any/known[3]: the value is not of the type of its element; expected int");
  const std::string open = "<t:known xsi:nil='true'>";
  EXPECT_EQ(strictly("<t:any>" + open + "</t:known>" + open + "1</t:known></t:any>"),
            "/Envelope/Body/ask/any/known[2]: an element that is nil has content");
}

TEST(ValidatorAgain, CommentsReferencesAndCdataInAValueAreReadAsEver) {
  const auto known = [](const std::string& value) { return "<t:known>" + value + "</t:known>"; };
  EXPECT_EQ(strictly("<t:any>" + known("1") + known("&#50;") + known("<!-- 3 -->3") + known("<![CDATA[4]]>") +
                     known(" 5\r\n") + "</t:any>"),
            "valid");
  EXPECT_EQ(strictly("<t:any>" + known("1") + known("1]]>") + "</t:any>"),
            "/Envelope/Body/ask/any/known[2]: ]]> appears outside a CDATA section");
  EXPECT_EQ(strictly("<t:any>" + known("1") + known("&x;") + "</t:any>"),
            "/Envelope/Body/ask/any/known[2]: an entity other than amp, lt, gt, apos and quot: x");
  EXPECT_EQ(strictly("<t:any>" + known("1") + "<t:known>2</t:know></t:any>"),
            "/Envelope/Body/ask/any/known[2]: the end tag is not that of the open element: t:known");
}

TEST(ValidatorAgain, TheDepthIsStillLimited) {
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "<n>";
  EXPECT_NE(strictly("<t:any><n><n></n></n>" + deep + "</t:any>").find(": elements are nested too deep"),
            std::string::npos);
}

TEST(ValidatorAgain, MoreDifferentTagsThanAreKeptAreJudgedAll) {
  std::string many;
  for (int i = 0; i < 1'000; ++i) {
    const std::string name = "n" + std::to_string(i);
    many += "<" + name + "/><t:known>" + std::to_string(i) + "</t:known>";
  }
  EXPECT_EQ(strictly("<t:any>" + many + "</t:any>"), "valid");
  EXPECT_EQ(strictly("<t:any>" + many + "<t:known>x</t:known></t:any>"),
            "/Envelope/Body/ask/any/known[1001]: the value is not of the type of its element; expected int");
}

}  // namespace
}  // namespace sfjwt::schema
