// SPDX-License-Identifier: Apache-2.0
// Deviations of released clients from the WSDLs that Salesforce accepts: requests of jsforce 1 to 3, Beatbox
// and other connectors, and requests that only look similar.
#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <memory>
#include <string>

#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/schema/relaxation.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"
#include "tests/unit/wsdl/wsdl_of.h"

namespace sfjwt::schema {
namespace {

constexpr const char* kRecords = R"(
  <x:complexType name='sObject'>
    <x:sequence>
      <x:element name='type' type='x:string'/>
      <x:element name='fieldsToNull' type='x:string' nillable='true' minOccurs='0' maxOccurs='unbounded'/>
      <x:element name='Id' type='t:ID' nillable='true'/>
      <x:any namespace='##targetNamespace' minOccurs='0' maxOccurs='unbounded' processContents='lax'/>
    </x:sequence>
  </x:complexType>)";
constexpr const char* kId =
    "<x:simpleType name='ID'><x:restriction base='x:string'><x:length "
    "value='18'/></x:restriction></x:simpleType>";

std::string element(const std::string& name, const std::string& children) {
  return "<x:element name='" + name + "'><x:complexType><x:sequence>" + children +
         "</x:sequence></x:complexType></x:element>";
}

std::string type(const std::string& name, const std::string& children) {
  return "<x:complexType name='" + name + "'><x:sequence>" + children + "</x:sequence></x:complexType>";
}

// A WSDL with these messages and records, of the operations named.
std::string api(const std::string& messages, const std::string& records, const std::string& components,
                const std::string& record_types, std::initializer_list<const char*> operations) {
  std::string parts;
  std::string port;
  std::string binding;
  for (const std::string name : operations) {
    parts += "<w:message name='" + name + "'><w:part name='p' element='t:" + name + "'/></w:message>";
    port += "<w:operation name='" + name + "'><w:input message='t:" + name + "'/></w:operation>";
    binding += "<w:operation name='" + name + "'><w:input><s:body use='literal'/></w:input></w:operation>";
  }
  return "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' "
         "xmlns:x='http://www.w3.org/2001/XMLSchema' "
         "xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/' xmlns:t='" +
         messages + "' xmlns:o='" + records + "' targetNamespace='" + messages +
         "'><w:types><x:schema targetNamespace='" + records + "' elementFormDefault='qualified'>" +
         record_types + "</x:schema><x:schema targetNamespace='" + messages +
         "' elementFormDefault='qualified'>" + components + "</x:schema></w:types>" + parts +
         "<w:portType name='p'>" + port +
         "</w:portType><w:binding name='b' type='t:p'><s:binding "
         "transport='http://schemas.xmlsoap.org/soap/http'/>" +
         binding + "</w:binding></w:definitions>";
}

std::string partner_wsdl() {
  const std::string records =
      "<x:element name='sObjects' type='o:sObject' minOccurs='0' maxOccurs='unbounded'/>";
  const std::string ids = "<x:element name='ids' type='t:ID' minOccurs='0' maxOccurs='unbounded'/>";
  return api(
      "urn:partner.soap.sforce.com", "urn:sobject.partner.soap.sforce.com",
      kId + element("create", records) + element("update", records) +
          element("upsert", "<x:element name='externalIDFieldName' type='x:string'/>" + records) +
          element("delete", ids) + element("undelete", ids) + element("emptyRecycleBin", ids) +
          element("merge", "<x:element name='request' type='t:MergeRequest' maxOccurs='unbounded'/>") +
          type("MergeRequest", "<x:element name='masterRecord' type='o:sObject'/>") +
          element("convertLead", "<x:element name='leadConverts' type='t:LeadConvert'/>") +
          type("LeadConvert",
               "<x:element name='leadId' type='t:ID'/><x:element name='convertedStatus' type='x:string'/>"),
      kRecords,
      {"create", "update", "upsert", "delete", "undelete", "emptyRecycleBin", "merge", "convertLead"});
}

std::string metadata_wsdl() {
  const std::string options =
      "<x:element name='checkOnly' type='x:boolean' minOccurs='0'/><x:element name='testLevel' "
      "type='t:TestLevel'/>";
  return api(
      "http://soap.sforce.com/2006/04/metadata", "urn:none",
      kId + element("retrieve", "<x:element name='retrieveRequest' type='t:RetrieveRequest'/>") +
          type("RetrieveRequest", "<x:element name='apiVersion' type='x:double'/>") +
          element("cancelDeploy", "<x:element name='String' type='t:ID'/>") +
          element("deploy",
                  "<x:element name='ZipFile' type='x:base64Binary'/><x:element name='DeployOptions' "
                  "type='t:DeployOptions'/>") +
          type("DeployOptions", options) + element("schedule", options) +
          "<x:simpleType name='TestLevel'><x:restriction base='x:string'><x:enumeration value='NoTestRun'/>"
          "</x:restriction></x:simpleType>",
      "", {"retrieve", "cancelDeploy", "deploy", "schedule"});
}

using Members = std::initializer_list<bool Relaxations::*>;

Relaxations only(Members members) {
  Relaxations relaxations = Relaxations::none();
  for (const auto member : members) relaxations.*member = true;
  return relaxations;
}

Relaxations without(Members members) {
  Relaxations relaxations = Relaxations::all();
  for (const auto member : members) relaxations.*member = false;
  return relaxations;
}

// Of a request with this child of Body, in which t, o, xsi and x are bound; the default namespace is that of
// the messages, as jsforce has it.
class Api {
 public:
  Api(std::string wsdl, std::string messages, std::string records)
      : wsdl_(std::move(wsdl)), messages_(std::move(messages)), records_(std::move(records)) {}

  std::string verdict(const std::string& body, const Relaxations& relaxations = Relaxations::all()) const {
    return wsdl::verdict(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
        "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
        "xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:t='" +
            messages_ + "' xmlns:o='" + records_ + "'><e:Body xmlns='" + messages_ + "'>" + body +
            "</e:Body></e:Envelope>",
        catalog(relaxations));
  }

 private:
  const soap::Catalog& catalog(const Relaxations& relaxations) const {
    auto& loaded = catalogs_[relaxations];
    if (!loaded) loaded = wsdl::catalog_of(wsdl_, {Mode::tolerant, relaxations}).value();
    return *loaded;
  }

  const std::string wsdl_;
  const std::string messages_;
  const std::string records_;
  mutable std::map<Relaxations, std::shared_ptr<const soap::Catalog>> catalogs_;
};

const Api& partner() {
  static const Api api(partner_wsdl(), "urn:partner.soap.sforce.com", "urn:sobject.partner.soap.sforce.com");
  return api;
}

const Api& metadata() {
  static const Api api(metadata_wsdl(), "http://soap.sforce.com/2006/04/metadata", "urn:none");
  return api;
}

constexpr const char* kOneId = "001000000000001AAA";

// ---- parameter-names

TEST(ParameterNames, RetrieveTakesItsParameterAsRequest) {
  const std::string asked = "<retrieve><request><apiVersion>58.0</apiVersion></request></retrieve>";
  EXPECT_EQ(metadata().verdict(asked, only({&Relaxations::parameter_names})), "valid");
  EXPECT_EQ(metadata().verdict(asked, without({&Relaxations::parameter_names})),
            "/Envelope/Body/retrieve/request: the element is not declared here: request");
}

TEST(ParameterNames, CancelDeployAndMergeTakeTheirsAsJsforceCallsThem) {
  EXPECT_EQ(metadata().verdict("<cancelDeploy><id>" + std::string(kOneId) + "</id></cancelDeploy>",
                               only({&Relaxations::parameter_names})),
            "valid");
  const std::string record =
      "<masterRecord><o:type>Lead</o:type><o:Id>" + std::string(kOneId) + "</o:Id></masterRecord>";
  const std::string two = "<merge><mergeRequests>" + record + "</mergeRequests><mergeRequests>" + record +
                          "</mergeRequests></merge>";
  EXPECT_EQ(partner().verdict(two, only({&Relaxations::parameter_names})), "valid");
  EXPECT_NE(partner().verdict(two, without({&Relaxations::parameter_names})), "valid");
}

TEST(ParameterNames, LeaveParametersHeldToTheirTypes) {
  EXPECT_EQ(metadata().verdict("<retrieve><request><apiVersion>x</apiVersion></request></retrieve>"),
            "/Envelope/Body/retrieve/request/apiVersion: the value is not of the type of its element; "
            "expected double");
  EXPECT_NE(metadata().verdict("<retrieve><request/></retrieve>"), "valid");
  EXPECT_NE(metadata().verdict("<cancelDeploy><id>1</id></cancelDeploy>"), "valid");
}

TEST(ParameterNames, OnlyLikeTheseAreRefused) {
  const std::string request = "<apiVersion>58.0</apiVersion>";
  for (const std::string& mistaken :
       {"<retrieve><requests>" + request + "</requests></retrieve>",
        "<retrieve><Request>" + request + "</Request></retrieve>",
        "<retrieve><o:request>" + request + "</o:request></retrieve>",
        "<retrieve><mergeRequests>" + request + "</mergeRequests></retrieve>",
        "<retrieve><request>" + request + "</request><request>" + request + "</request></retrieve>",
        "<retrieve><request>" + request + "</request><retrieveRequest>" + request +
            "</retrieveRequest></retrieve>",
        "<retrieve><id>" + std::string(kOneId) + "</id></retrieve>",
        std::string("<deploy><request/></deploy>")}) {
    EXPECT_NE(metadata().verdict(mistaken), "valid") << mistaken;
  }
}

// ---- parameter-namespace, record-namespace: soap.create and the like of jsforce

std::string of_jsforce(const std::string& operation, const std::string& parameters) {
  return "<" + operation +
         " xmlns='urn:partner.soap.sforce.com' xmlns:ns1='sobject.partner.soap.sforce.com'>" + parameters +
         "</" + operation + ">";
}

TEST(RequestsOfJsforce, RecordsAreCreatedUpdatedAndUpserted) {
  const Relaxations needed = only(
      {&Relaxations::parameter_namespace, &Relaxations::record_namespace, &Relaxations::optional_nillable});
  const std::string fields =
      "<ns1:sObjects><type>Account</type><fieldsToNull>Phone</fieldsToNull><Name>Salt &amp; Pepper</Name>"
      "<Site></Site></ns1:sObjects>";
  const std::string record = "<ns1:sObjects><type>Contact</type><Id>" + std::string(kOneId) +
                             "</Id><LastName>Doe</LastName></ns1:sObjects>";
  EXPECT_EQ(partner().verdict(of_jsforce("create", fields + record), needed), "valid");
  EXPECT_EQ(partner().verdict(of_jsforce("update", record + record), needed), "valid");
  EXPECT_EQ(
      partner().verdict(
          of_jsforce("upsert", "<ns1:externalIDFieldName>Key__c</ns1:externalIDFieldName>" + record), needed),
      "valid");
}

TEST(ParameterNamespace, IdsAreDeletedAndUndeleted) {
  const std::string ids = "<ns1:ids>" + std::string(kOneId) + "</ns1:ids>";
  for (const std::string operation : {"delete", "undelete"}) {
    const std::string sent = of_jsforce(operation, ids + ids);
    EXPECT_EQ(partner().verdict(sent, only({&Relaxations::parameter_namespace})), "valid");
    EXPECT_EQ(partner().verdict(sent, without({&Relaxations::parameter_namespace})),
              "/Envelope/Body/" + operation + "/ids: the element is not declared here: ns1:ids");
  }
}

TEST(ParameterNamespace, LeavesParametersHeldToTheirTypes) {
  EXPECT_EQ(partner().verdict(of_jsforce("delete", "<ns1:ids>0010000000000010</ns1:ids>")),
            "/Envelope/Body/delete/ids: the value is not of the type of its element; expected ID");
  EXPECT_NE(partner().verdict(of_jsforce("create", "<ns1:sObject/>")), "valid");
  EXPECT_NE(partner().verdict(of_jsforce("create", "<ns1:sObjects><Name/></ns1:sObjects>")), "valid");
}

TEST(ParameterNamespace, IsOneNamespaceOfParametersOnly) {
  const std::string id = kOneId;
  for (const std::string& mistaken :
       {"<delete><o:ids>" + id + "</o:ids></delete>",
        "<delete xmlns:n='sobject.enterprise.soap.sforce.com'><n:ids>" + id + "</n:ids></delete>",
        "<delete xmlns:n='SOBJECT.partner.soap.sforce.com'><n:ids>" + id + "</n:ids></delete>",
        "<delete xmlns:n='partner.soap.sforce.com'><n:ids>" + id + "</n:ids></delete>",
        of_jsforce("emptyRecycleBin", "<ns1:ids>" + id + "</ns1:ids>"),
        of_jsforce("merge", "<ns1:request><masterRecord><type>Lead</type></masterRecord></ns1:request>"),
        of_jsforce("create", "<ns1:sObjects><ns1:type>Account</ns1:type></ns1:sObjects>"),
        of_jsforce("create", "<ns1:sObjects><type>Account</type><ns1:Name/></ns1:sObjects>"),
        "<n:delete xmlns:n='sobject.partner.soap.sforce.com'/>" + std::string()}) {
    EXPECT_NE(partner().verdict(mistaken), "valid") << mistaken;
  }
}

TEST(RecordNamespace, FieldsMayStandInThatOfTheMessages) {
  const std::string record =
      "<create><sObjects><type>Contact</type><Id>" + std::string(kOneId) +
      "</Id><LastName>Doe</LastName><Email>jane@corp.example</Email></sObjects></create>";
  EXPECT_EQ(partner().verdict(record, only({&Relaxations::record_namespace})), "valid");
  EXPECT_EQ(partner().verdict(record, without({&Relaxations::record_namespace})),
            "/Envelope/Body/create/sObjects/type: the element is not declared here: type");
}

TEST(RecordNamespace, LeavesDeclaredFieldsHeldToTheirTypes) {
  EXPECT_EQ(partner().verdict("<create><sObjects><type>Lead</type><Id>1</Id></sObjects></create>"),
            "/Envelope/Body/create/sObjects/Id: the value is not of the type of its element; expected ID");
  EXPECT_NE(
      partner().verdict("<create><sObjects><type>Lead</type><o:type>Lead</o:type><x:a/></sObjects></create>"),
      "valid");
}

TEST(RecordNamespace, OnlyLikeTheseAreRefused) {
  for (const std::string mistaken :
       {"<create><sObjects><Name>n</Name></sObjects></create>", "<create><sObjects/></create>",
        "<create><sObject><type>Lead</type></sObject></create>", "<create><type>Lead</type></create>",
        "<create><sObjects><Type>Lead</Type></sObjects></create>",
        "<create><sObjects><x:type>Lead</x:type></sObjects></create>",
        "<create><sObjects><type>Lead</type><x:Name/></sObjects></create>",
        "<create "
        "xmlns:n='urn:enterprise.soap.sforce.com'><sObjects><type>Lead</type><n:Name/></sObjects></create>",
        "<create><sObjects xsi:type='Lead'><o:Name/></sObjects></create>"}) {
    EXPECT_NE(partner().verdict(mistaken), "valid") << mistaken;
  }
}

TEST(RecordNamespace, OfAnOpenRecordThatATypeBeforeItExtends) {
  const std::string derived =
      "<x:complexType name='Lead'><x:complexContent><x:extension base='o:sObject'/></x:complexContent>"
      "</x:complexType>";
  const Api extended(
      api("urn:partner.soap.sforce.com", "urn:sobject.partner.soap.sforce.com",
          kId + element("create", "<x:element name='sObjects' type='o:sObject' maxOccurs='unbounded'/>"),
          derived + kRecords, {"create"}),
      "urn:partner.soap.sforce.com", "urn:sobject.partner.soap.sforce.com");
  for (const std::string record : {"<sObjects><type>Lead</type><Name>n</Name></sObjects>",
                                   "<sObjects xsi:type='o:Lead'><type>Lead</type><Name>n</Name></sObjects>",
                                   "<sObjects xsi:type='o:Case'><o:Subject>s</o:Subject></sObjects>",
                                   "<sObjects xsi:type='Case'><Subject>s</Subject></sObjects>"}) {
    EXPECT_EQ(extended.verdict("<create>" + record + "</create>"), "valid") << record;
  }
}

// ---- optional-test-level

TEST(OptionalTestLevel, DeployNeedsNone) {
  const std::string deploy =
      "<deploy><ZipFile>UEs=</ZipFile><DeployOptions><checkOnly>true</checkOnly></DeployOptions></deploy>";
  EXPECT_EQ(metadata().verdict(deploy, only({&Relaxations::optional_test_level})), "valid");
  EXPECT_EQ(metadata().verdict("<deploy><ZipFile>UEs=</ZipFile><DeployOptions></DeployOptions></deploy>"),
            "valid");
  EXPECT_EQ(metadata().verdict(deploy, without({&Relaxations::optional_test_level})),
            "/Envelope/Body/deploy/DeployOptions: an element is missing at the end; expected testLevel");
}

TEST(OptionalTestLevel, OneThatIsGivenIsOfTheList) {
  EXPECT_NE(metadata().verdict("<deploy><ZipFile>UEs=</ZipFile><DeployOptions><testLevel>Some</testLevel>"
                               "</DeployOptions></deploy>"),
            "valid");
  EXPECT_NE(metadata().verdict("<deploy><ZipFile>UEs=</ZipFile><DeployOptions><testLevel/>"
                               "</DeployOptions></deploy>"),
            "valid");
}

TEST(OptionalTestLevel, ElsewhereAndOtherThingsAreStillRequired) {
  EXPECT_NE(metadata().verdict("<schedule><checkOnly>true</checkOnly></schedule>"), "valid");
  EXPECT_NE(metadata().verdict("<deploy><ZipFile>UEs=</ZipFile></deploy>"), "valid");
  EXPECT_NE(metadata().verdict("<deploy><DeployOptions/></deploy>"), "valid");
}

// ---- singular-ids and lead-namespace: Beatbox

TEST(SingularIds, OfDeleteAndUndelete) {
  const std::string id = "<t:id>" + std::string(kOneId) + "</t:id>";
  for (const std::string operation : {"delete", "undelete"}) {
    const std::string sent = "<t:" + operation + ">" + id + id + "</t:" + operation + ">";
    EXPECT_EQ(partner().verdict(sent, only({&Relaxations::singular_ids})), "valid");
    EXPECT_EQ(partner().verdict(sent, without({&Relaxations::singular_ids})),
              "/Envelope/Body/" + operation + "/id: the element is not declared here: t:id");
  }
}

TEST(SingularIds, OnlyLikeTheseAreRefused) {
  const std::string id = kOneId;
  for (const std::string& mistaken :
       {"<emptyRecycleBin><id>" + id + "</id></emptyRecycleBin>", "<delete><Id>" + id + "</Id></delete>",
        "<delete><ID>" + id + "</ID></delete>", "<delete><o:id>" + id + "</o:id></delete>",
        "<delete><id>" + id + "A</id></delete>", "<delete><id><ids>" + id + "</ids></id></delete>",
        "<convertLead><id>" + id + "</id></convertLead>", "<create><id>" + id + "</id></create>"}) {
    EXPECT_NE(partner().verdict(mistaken), "valid") << mistaken;
  }
}

TEST(LeadNamespace, FieldsOfALeadConvertMayStandInThatOfRecords) {
  const std::string fields =
      "<o:leadId>" + std::string(kOneId) + "</o:leadId><o:convertedStatus>Qualified</o:convertedStatus>";
  const std::string sent = "<t:convertLead><t:leadConverts>" + fields + "</t:leadConverts></t:convertLead>";
  EXPECT_EQ(partner().verdict(sent, only({&Relaxations::lead_namespace})), "valid");
  EXPECT_EQ(partner().verdict(sent, without({&Relaxations::lead_namespace})),
            "/Envelope/Body/convertLead/leadConverts/leadId: the element is not declared here: o:leadId");
}

TEST(LeadNamespace, OnlyLikeTheseAreRefused) {
  const std::string id = kOneId;
  for (const std::string& fields :
       {std::string("<o:leadId>1</o:leadId><o:convertedStatus/>"), "<o:leadId>" + id + "</o:leadId>",
        "<o:leadId>" + id + "</o:leadId><o:convertedStatus/><o:Name/>",
        "<x:leadId>" + id + "</x:leadId><o:convertedStatus/>"}) {
    EXPECT_NE(partner().verdict("<convertLead><leadConverts>" + fields + "</leadConverts></convertLead>"),
              "valid")
        << fields;
  }
  EXPECT_NE(partner().verdict("<convertLead><o:leadConverts><leadId>" + id +
                              "</leadId><convertedStatus/></o:leadConverts></convertLead>"),
            "valid");
}

// ---- unprefixed-types

std::string create_in_enterprise(const std::string& type, const std::string& fields) {
  return "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
         "xmlns:t='urn:enterprise.soap.sforce.com' xmlns:o='urn:sobject.enterprise.soap.sforce.com' "
         "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><e:Body><t:create><t:sObjects xsi:type='" +
         type + "'>" + fields + "</t:sObjects></t:create></e:Body></e:Envelope>";
}

std::string of_enterprise(const std::string& request, const Relaxations& relaxations = Relaxations::all()) {
  static std::map<Relaxations, std::shared_ptr<const soap::Catalog>> catalogs;
  auto& loaded = catalogs[relaxations];
  if (!loaded)
    loaded = wsdl::load_catalog({SFJWT_SOURCE_DIR "/wsdl/sample-enterprise.wsdl"},
                                {Mode::tolerant, relaxations}, gateway::kSalesforce.names)
                 .value();
  return wsdl::verdict(request, *loaded);
}

TEST(RecordNamespace, FieldsOfTheEnterpriseApiMayStandInThatOfTheMessages) {
  const std::string sent = create_in_enterprise("o:Account", "<t:Name>n</t:Name>");
  EXPECT_EQ(of_enterprise(sent, only({&Relaxations::record_namespace, &Relaxations::optional_nillable})),
            "valid");
  EXPECT_EQ(of_enterprise(sent, without({&Relaxations::record_namespace})),
            "/Envelope/Body/create/sObjects/Name: the element is not declared here: t:Name");
  EXPECT_EQ(of_enterprise(create_in_enterprise("t:Account", "<t:AnnualRevenue>x</t:AnnualRevenue>")),
            "/Envelope/Body/create/sObjects/AnnualRevenue: the value is not of the type of its element; "
            "expected double");
  EXPECT_NE(of_enterprise(create_in_enterprise("o:Account", "<t:Nam>n</t:Nam>")), "valid");
  EXPECT_NE(of_enterprise(create_in_enterprise("o:Account", "<xsi:Name>n</xsi:Name>")), "valid");
}

TEST(UnprefixedTypes, NameARecordWithUnqualifiedFields) {
  const std::string sent = create_in_enterprise("Account", "<Name>n</Name>");
  EXPECT_EQ(of_enterprise(sent, only({&Relaxations::unprefixed_types, &Relaxations::unqualified,
                                      &Relaxations::optional_nillable})),
            "valid");
  EXPECT_EQ(of_enterprise(sent, without({&Relaxations::unprefixed_types})),
            "/Envelope/Body/create/sObjects: xsi:type does not name a type of the WSDL on t:sObjects");
}

TEST(UnprefixedTypes, HoldTheRecordToItsType) {
  EXPECT_EQ(of_enterprise(create_in_enterprise("Account", "<AnnualRevenue>x</AnnualRevenue>")),
            "/Envelope/Body/create/sObjects/AnnualRevenue: the value is not of the type of its element; "
            "expected double");
  EXPECT_NE(of_enterprise(create_in_enterprise("Contact", "<AnnualRevenue>1</AnnualRevenue>")), "valid");
}

TEST(UnprefixedTypes, OnlyLikeTheseAreRefused) {
  for (const char* name :
       {"Acount", "account", "QueryResult", "ID", "create", ":Account", "n:Account", "x:Account"})
    EXPECT_NE(of_enterprise(create_in_enterprise(name, "")), "valid") << name;
  const std::string query =
      "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
      "xmlns:t='urn:enterprise.soap.sforce.com' "
      "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><e:Body>"
      "<t:query xsi:type='Account'><t:queryString/></t:query></e:Body></e:Envelope>";
  EXPECT_NE(of_enterprise(query), "valid");
}

TEST(UnprefixedTypes, AreOfTheWsdlThatDeclaresTheRecord) {
  const auto both = wsdl::load_catalog({SFJWT_SOURCE_DIR "/wsdl/sample-partner.wsdl",
                                        SFJWT_SOURCE_DIR "/wsdl/sample-enterprise.wsdl"},
                                       {}, gateway::kSalesforce.names)
                        .value();
  EXPECT_EQ(wsdl::verdict(create_in_enterprise("Account", "<Name>n</Name>"), *both), "valid");
  std::string of_partner = create_in_enterprise("Account", "<Name>n</Name>");
  for (std::size_t at; (at = of_partner.find("enterprise")) != std::string::npos;)
    of_partner.replace(at, 10, "partner");
  EXPECT_NE(wsdl::verdict(of_partner, *both), "valid");
}

}  // namespace
}  // namespace sfjwt::schema
