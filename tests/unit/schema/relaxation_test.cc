// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/relaxation.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "tests/unit/wsdl/wsdl_of.h"

namespace sfjwt::schema {
namespace {

// An operation with three parameters, and one record whose fields are open beside two that only look like it.
constexpr const char* kComponents = R"(
  <x:element name='ask'>
    <x:complexType>
      <x:sequence>
        <x:element name='name' type='x:string'/>
        <x:element name='count' type='x:int' minOccurs='0'/>
        <x:element name='record' type='o:Record' minOccurs='0' maxOccurs='3'/>
        <x:element name='closed' type='o:Closed' minOccurs='0'/>
        <x:element name='details' type='o:Details' minOccurs='0'/>
        <x:element name='anything' type='o:Anything' minOccurs='0'/>
      </x:sequence>
    </x:complexType>
  </x:element>
  <x:simpleType name='Id'><x:restriction base='x:string'><x:length value='18'/></x:restriction></x:simpleType>)";
constexpr const char* kObjects = R"(
  <x:complexType name='Record'>
    <x:sequence>
      <x:element name='type' type='x:string'/>
      <x:element name='Id' type='t:Id' nillable='true'/>
      <x:any namespace='##targetNamespace' minOccurs='0' maxOccurs='unbounded' processContents='lax'/>
    </x:sequence>
  </x:complexType>
  <x:complexType name='Closed'><x:sequence><x:element name='type' type='x:string'/></x:sequence></x:complexType>
  <x:complexType name='Details'>
    <x:sequence>
      <x:element name='code' type='x:string'/>
      <x:any namespace='##targetNamespace' minOccurs='0' maxOccurs='unbounded' processContents='lax'/>
    </x:sequence>
  </x:complexType>
  <x:complexType name='Anything'>
    <x:sequence>
      <x:element name='type' type='x:string'/>
      <x:any namespace='##any' minOccurs='0' maxOccurs='unbounded' processContents='lax'/>
    </x:sequence>
  </x:complexType>)";

// With this relaxation and that for Id; nullptr: with all.
const soap::Catalog& catalog(bool Relaxations::*only) {
  static std::map<Relaxations, std::shared_ptr<const soap::Catalog>> catalogs;
  Relaxations relaxations = only ? Relaxations::none() : Relaxations::all();
  relaxations.optional_nillable = true;
  if (only) relaxations.*only = true;
  auto& loaded = catalogs[relaxations];
  if (!loaded)
    loaded = wsdl::catalog_of(wsdl::wsdl_of(kComponents, kObjects), {Mode::tolerant, relaxations}).value();
  return *loaded;
}

// ---- object-types

std::string record(const std::string& type, const std::string& fields = "<o:Name>n</o:Name>") {
  return "<t:name/><t:record xsi:type='" + type + "'>" + fields + "</t:record>";
}

std::string of_objects(const std::string& children) {
  return wsdl::verdict(wsdl::ask(children), catalog(&Relaxations::object_types));
}

TEST(ObjectTypes, AnObjectIsNamedByXsiTypeInsteadOfType) {
  EXPECT_EQ(of_objects(record("o:Lead")), "valid");
  EXPECT_EQ(of_objects(record("o:ns__Obj_1__c")), "valid");
  EXPECT_EQ(of_objects(record("o:Lead", "<o:type>Lead</o:type><o:Name>n</o:Name>")), "valid");
  EXPECT_EQ(of_objects(record("o:Lead", "<o:Id>001000000000001AAA</o:Id>")), "valid");
  EXPECT_EQ(of_objects(record(" o:Lead&#32;")), "valid");
}

TEST(ObjectTypes, FieldsStandInTheNamespaceOfTheObjectsName) {
  EXPECT_EQ(of_objects(record("t:Lead", "<t:Id>001000000000001AAA</t:Id><t:Name>n</t:Name>")), "valid");
  EXPECT_EQ(of_objects(record("t:Lead", "<o:Name>n</o:Name>")),
            "/Envelope/Body/ask/record/Name: the element is not declared here: o:Name; expected type");
  EXPECT_EQ(of_objects(record("o:Lead", "<t:Name>n</t:Name>")),
            "/Envelope/Body/ask/record/Name: the element is not declared here: t:Name; expected type");
  EXPECT_EQ(of_objects(record("t:Lead", "<Name>n</Name>")),
            "/Envelope/Body/ask/record/Name: the element is not declared here: Name; expected type");
  EXPECT_EQ(wsdl::verdict(wsdl::ask(record("t:Lead", "<Name>n</Name>")), catalog(nullptr)), "valid")
      << "unqualified";
}

TEST(ObjectTypes, DeclaredFieldsAreHeldToTheirTypesInBothNamespaces) {
  for (const std::string prefix : {"o:", "t:"}) {
    EXPECT_EQ(of_objects(record(prefix + "Lead", "<" + prefix + "Id>001</" + prefix + "Id>")),
              "/Envelope/Body/ask/record/Id: the value is not of the type of its element; expected Id");
    EXPECT_EQ(of_objects(record(prefix + "Lead", "<" + prefix + "N xsi:type='x:int'>1x</" + prefix + "N>")),
              "/Envelope/Body/ask/record/N: the value is not of the type of its element; expected int");
  }
}

TEST(ObjectTypes, WithoutAnXsiTypeTypeIsStillRequired) {
  EXPECT_EQ(of_objects("<t:name/><t:record><o:Name/></t:record>"),
            "/Envelope/Body/ask/record/Name: the element is not declared here: o:Name; expected type");
  EXPECT_EQ(of_objects(record("o:Record")),
            "/Envelope/Body/ask/record/Name: the element is not declared here: o:Name; expected type");
}

TEST(ObjectTypes, OtherNamespacesAndWhatNamesNoObjectAreRefused) {
  for (const char* type :
       {"x:Lead", "xsi:Lead", "e:Lead", "Lead", "o:", "o:1Lead", "o:Le-ad", "o:Le.ad", "o:a:b",
        "o:L\xC3\xA9"
        "ad",
        "o:Lead o:Lead", "o:Lead/", "o:_Lead"}) {
    EXPECT_EQ(wsdl::verdict(wsdl::ask(record(type)), catalog(nullptr)),
              "/Envelope/Body/ask/record: xsi:type does not name a type of the WSDL on t:record")
        << type;
  }
  for (const char* type : {"p:Lead", ":Lead"}) {
    EXPECT_EQ(wsdl::verdict(wsdl::ask(record(type)), catalog(nullptr)),
              "/Envelope/Body/ask/record: the prefix of xsi:type is not declared on t:record")
        << type;
  }
}

TEST(ObjectTypes, ADeclaredTypeThatIsNoRecordIsRefused) {
  for (const char* type : {"o:Closed", "o:Details", "t:Closed", "t:Id", "x:string"}) {
    EXPECT_EQ(wsdl::verdict(wsdl::ask(record(type)), catalog(nullptr)),
              "/Envelope/Body/ask/record: xsi:type names a type that is not allowed here, on t:record; "
              "expected Record")
        << type;
  }
}

TEST(ObjectTypes, OnlyARecordOfOpenFieldsInItsOwnNamespaceHasThem) {
  for (const std::string name : {"closed", "details", "anything"}) {
    EXPECT_EQ(wsdl::verdict(wsdl::ask("<t:name/><t:" + name + " xsi:type='o:Lead'/>"), catalog(nullptr)),
              "/Envelope/Body/ask/" + name + ": xsi:type does not name a type of the WSDL on t:" + name);
  }
  EXPECT_EQ(
      wsdl::verdict(wsdl::ask(record("o:Record", "<o:type/><o:Owner xsi:type='o:User'/>")), catalog(nullptr)),
      "/Envelope/Body/ask/record/Owner: xsi:type does not name a type of the WSDL on o:Owner");
}

TEST(ObjectTypes, AreOffWithoutTheRelaxation) {
  Relaxations others = Relaxations::all();
  others.object_types = false;
  const auto without =
      wsdl::catalog_of(wsdl::wsdl_of(kComponents, kObjects), {Mode::tolerant, others}).value();
  for (const char* type : {"o:Lead", "t:Lead"}) {
    EXPECT_EQ(wsdl::verdict(wsdl::ask(record(type)), *without),
              "/Envelope/Body/ask/record: xsi:type does not name a type of the WSDL on t:record");
  }
}

TEST(ObjectTypes, OfManyRecordsEachIsHeldToItsOwnNamespace) {
  const std::string of_messages = "<t:record xsi:type='t:Lead'><t:Name/></t:record>";
  const std::string of_records = "<t:record xsi:type='o:Lead'><o:Name/></t:record>";
  EXPECT_EQ(of_objects("<t:name/>" + of_messages + of_records + of_messages), "valid");
  EXPECT_EQ(
      of_objects("<t:name/>" + of_messages + of_records + "<t:record xsi:type='t:Lead'><o:Name/></t:record>"),
      "/Envelope/Body/ask/record[3]/Name: the element is not declared here: o:Name; expected type");
}

// ---- generated-names

std::string of_positions(const std::string& children) {
  return wsdl::verdict(wsdl::ask(children), catalog(&Relaxations::generated_names));
}

TEST(GeneratedNames, StandForTheParametersInTheirOrder) {
  EXPECT_EQ(of_positions("<t:c-gensym1>n</t:c-gensym1>"), "valid");
  EXPECT_EQ(of_positions("<t:c-gensym1>n</t:c-gensym1><t:c-gensym003>3</t:c-gensym003>"), "valid");
  EXPECT_EQ(of_positions("<t:name/><t:c-gensym7>3</t:c-gensym7>"), "valid");
  EXPECT_EQ(of_positions("<t:c-gensym1/><t:count>3</t:count>"), "valid");
  EXPECT_EQ(of_positions("<t:name/><t:count>1</t:count><t:c-gensym3><o:type/></t:c-gensym3>"
                         "<t:c-gensym3><o:type/></t:c-gensym3><t:closed><o:type/></t:closed>"),
            "valid");
}

TEST(GeneratedNames, LeaveValuesHeldToTheDeclaredType) {
  EXPECT_EQ(of_positions("<t:name/><t:c-gensym2>x</t:c-gensym2>"),
            "/Envelope/Body/ask/c-gensym2: the value is not of the type of its element; expected int");
  EXPECT_EQ(of_positions("<t:c-gensym1><t:x/></t:c-gensym1>"),
            "/Envelope/Body/ask/c-gensym1/x: an element appears where only text is allowed: t:x");
  EXPECT_EQ(of_positions("<t:name/><t:count>1</t:count><t:c-gensym3/>"),
            "/Envelope/Body/ask/c-gensym3: an element is missing at the end; expected type");
}

TEST(GeneratedNames, AreOfOneFormOnly) {
  for (const std::string name :
       {"t:c-gensym", "t:c-gensymX", "t:c-gensym1x", "t:C-gensym1", "t:c-gensym-1", "t:c-gensym1.",
        "t:c_gensym1", "t:gensym1", "o:c-gensym1", "c-gensym1", "t:nam"}) {
    EXPECT_EQ(of_positions("<" + name + ">n</" + name + ">"),
              "/Envelope/Body/ask/" + name.substr(name.find(':') + 1) +
                  ": the element is not declared here: " + name + "; expected name");
  }
  EXPECT_EQ(wsdl::verdict(wsdl::ask("<c-gensym1>n</c-gensym1>"), catalog(nullptr)), "valid") << "unqualified";
  EXPECT_NE(wsdl::verdict(wsdl::ask("<o:c-gensym1>n</o:c-gensym1>"), catalog(nullptr)), "valid");
}

TEST(GeneratedNames, AreNoMoreThanTheParametersDeclared) {
  const auto only_name = wsdl::catalog_of(wsdl::wsdl_of("<x:element name='ask'><x:complexType><x:sequence>"
                                                        "<x:element name='name' type='x:string'/>"
                                                        "</x:sequence></x:complexType></x:element>"),
                                          {})
                             .value();
  EXPECT_EQ(wsdl::verdict(wsdl::ask("<t:c-gensym1/>"), *only_name), "valid");
  EXPECT_EQ(wsdl::verdict(wsdl::ask("<t:c-gensym1/><t:c-gensym2/>"), *only_name),
            "/Envelope/Body/ask/c-gensym2: the element is not declared here: t:c-gensym2");
  EXPECT_NE(wsdl::verdict(wsdl::ask("<t:c-gensym1/><t:name/>"), *only_name), "valid");
  EXPECT_NE(wsdl::verdict(wsdl::ask("<t:name/><t:c-gensym1/>"), *only_name), "valid");
}

TEST(GeneratedNames, OfAnOperationWithoutParametersAreRefused) {
  for (const char* content : {"", "<x:sequence/>"}) {
    const auto nothing =
        wsdl::catalog_of(wsdl::wsdl_of("<x:element name='ask'><x:complexType>" + std::string(content) +
                                       "</x:complexType></x:element>"),
                         {})
            .value();
    EXPECT_EQ(wsdl::verdict(wsdl::ask("<t:c-gensym1/>"), *nothing),
              "/Envelope/Body/ask/c-gensym1: the element is not declared here: t:c-gensym1");
  }
}

TEST(GeneratedNames, AreOfParametersAndNothingBelow) {
  EXPECT_EQ(wsdl::verdict(wsdl::ask("<t:name/><t:closed><o:c-gensym1/></t:closed>"), catalog(nullptr)),
            "/Envelope/Body/ask/closed/c-gensym1: the element is not declared here: o:c-gensym1");
}

TEST(GeneratedNames, AreOffWithoutTheRelaxation) {
  Relaxations others = Relaxations::all();
  others.generated_names = false;
  const auto without =
      wsdl::catalog_of(wsdl::wsdl_of(kComponents, kObjects), {Mode::tolerant, others}).value();
  EXPECT_EQ(wsdl::verdict(wsdl::ask("<t:c-gensym1/>"), *without),
            "/Envelope/Body/ask/c-gensym1: the element is not declared here: t:c-gensym1");
}

// ---- requests as WWW::Salesforce writes them, a client in Perl over SOAP::Lite

std::string of_perl(const std::string& body, const std::string& options = "") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope "
         "soap:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\" "
         "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" "
         "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
         "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soap:Header>" +
         options +
         "<sforce:SessionHeader xmlns:sforce=\"urn:partner.soap.sforce.com\"><sessionId "
         "xsi:type=\"xsd:string\">jane@corp.example</sessionId></sforce:SessionHeader></"
         "soap:Header><soap:Body>" +
         body + "</soap:Body></soap:Envelope>";
}

std::string changes(const std::string& operation, const std::string& records) {
  return of_perl("<sforce:" + operation +
                 " xmlns:sfons=\"urn:sobject.partner.soap.sforce.com\" "
                 "xmlns:sforce=\"urn:partner.soap.sforce.com\">" +
                 records + "</sforce:" + operation + ">");
}

std::string batch_size(const std::string& child) {
  return "<sforce:QueryOptions xmlns:sforce=\"urn:partner.soap.sforce.com\">" + child +
         "</sforce:QueryOptions>";
}

const soap::Catalog& partner() {
  static const auto loaded =
      wsdl::load_catalog({SFJWT_SOURCE_DIR "/wsdl/sample-partner.wsdl"}, {}, gateway::kSalesforce.names)
          .value();
  return *loaded;
}

TEST(RequestsOfPerl, ARecordIsCreatedByTheNameOfItsObject) {
  EXPECT_EQ(wsdl::verdict(
                changes("create",
                        "<sObjects xsi:type=\"sfons:Lead\"><sfons:Company xsi:type=\"xsd:string\">Salt &amp; "
                        "Pepper</sfons:Company><sfons:LastName xsi:type=\"xsd:string\">D&#39;Arc "
                        "&lt;j&gt;</sfons:LastName></sObjects>"),
                partner()),
            "valid");
}

TEST(RequestsOfPerl, ARecordIsUpdatedInTheNamespaceOfMessages) {
  const std::string id = "<sforce:Id xsi:type=\"sforce:ID\">001000000000001AAA</sforce:Id>";
  const auto update = [](const std::string& fields) {
    return changes("update", "<sObjects xsi:type=\"sforce:Account\">" + fields + "</sObjects>");
  };
  EXPECT_EQ(wsdl::verdict(update(id + "<sforce:Phone xsi:type=\"xsd:string\">1</sforce:Phone>"), partner()),
            "valid");
  EXPECT_EQ(wsdl::verdict(update("<sforce:Id xsi:type=\"sforce:ID\">none</sforce:Id>"), partner()),
            "/Envelope/Body/update/sObjects/Id: the value is not of the type of its element; expected ID");
}

TEST(RequestsOfPerl, AQueryIsAskedWithoutANameForIt) {
  const std::string query =
      "<query xmlns=\"urn:partner.soap.sforce.com\"><c-gensym9 xsi:type=\"xsd:string\">select Id from "
      "Account</c-gensym9></query>";
  EXPECT_EQ(
      wsdl::verdict(of_perl(query, batch_size("<batchSize xsi:type=\"xsd:int\">5</batchSize>")), partner()),
      "valid");
}

TEST(RequestsOfPerl, MistakesAreRefused) {
  for (const std::string& mistaken :
       {changes("creat", ""), changes("create", "<sObject xsi:type=\"sfons:Lead\"/>"),
        changes("create", "<sObjects xsi:type=\"sfons:Lead\"><c-gensym1/></sObjects><sObject/>"),
        changes("create",
                "<sObjects xsi:type=\"sfons:Lead\"><sfons:Company>A & B</sfons:Company></sObjects>"),
        of_perl("<query xmlns=\"urn:partner.soap.sforce.com\"><queryStrin>select</queryStrin></query>"),
        of_perl("<query xmlns=\"urn:partner.soap.sforce.com\"/>",
                batch_size("<batchSize xsi:type=\"xsd:int\">5</batchSize>")),
        of_perl("<getUserInfo xmlns=\"urn:partner.soap.sforce.com\"/>",
                batch_size("<c-gensym3>5</c-gensym3>"))}) {
    EXPECT_NE(wsdl::verdict(mistaken, partner()), "valid") << mistaken;
  }
}

TEST(RequestsOfPerl, AnObjectOfAnotherWsdlIsNoneOfThisOne) {
  const auto both = wsdl::load_catalog({SFJWT_SOURCE_DIR "/wsdl/sample-partner.wsdl",
                                        SFJWT_SOURCE_DIR "/wsdl/sample-enterprise.wsdl"},
                                       {}, gateway::kSalesforce.names)
                        .value();
  const auto create = [](const std::string& uri) {
    return changes("create", "<sObjects xmlns:other=\"" + uri + "\" xsi:type=\"other:Lead\"/>");
  };
  EXPECT_EQ(wsdl::verdict(create("urn:sobject.partner.soap.sforce.com"), *both), "valid");
  EXPECT_NE(wsdl::verdict(create("urn:enterprise.soap.sforce.com"), *both), "valid");
  EXPECT_NE(wsdl::verdict(create("urn:sobject.enterprise.soap.sforce.com"), *both), "valid");
}

}  // namespace
}  // namespace sfjwt::schema
