// SPDX-License-Identifier: Apache-2.0
// Every fault the gateway can answer with, for every reason, operation and SOAP version, is held by libxml2
// to the schemas of the WSDL and to the shape SOAP gives a fault.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <set>

#include "files.h"
#include "mod_sfjwt/gateway/exception_code.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"
#include "oracle.h"

namespace sfjwt::soap {
namespace {

namespace fs = std::filesystem;
using gateway::Reason;

constexpr const char* kText = "Line 3, column 14, /Envelope/Body/a: \"b\" & <c>\x01 is wrong.";

// SOAP 1.1 section 4.4, and SOAP 1.2 part 1 section 5.4, after the schemas published with them.
constexpr std::string_view kFault11 =
    "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'"
    " targetNamespace='http://schemas.xmlsoap.org/soap/envelope/'><x:element name='Envelope'><x:complexType>"
    "<x:sequence><x:element ref='s:Body'/></x:sequence></x:complexType></x:element>"
    "<x:element name='Body'><x:complexType><x:sequence><x:element "
    "ref='s:Fault'/></x:sequence></x:complexType>"
    "</x:element><x:element name='Fault'><x:complexType><x:sequence>"
    "<x:element name='faultcode' type='x:QName'/><x:element name='faultstring' type='x:string'/>"
    "<x:element name='faultactor' type='x:anyURI' minOccurs='0'/><x:element name='detail' minOccurs='0'>"
    "<x:complexType><x:sequence><x:any namespace='##any' processContents='skip' maxOccurs='1'/></x:sequence>"
    "</x:complexType></x:element></x:sequence></x:complexType></x:element></x:schema>";
constexpr std::string_view kFault12 =
    "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:s='http://www.w3.org/2003/05/soap-envelope'"
    " targetNamespace='http://www.w3.org/2003/05/soap-envelope' elementFormDefault='qualified'>"
    "<x:import namespace='http://www.w3.org/XML/1998/namespace'/>"
    "<x:element name='Envelope'><x:complexType><x:sequence><x:element name='Header' minOccurs='0'/>"
    "<x:element ref='s:Body'/></x:sequence></x:complexType></x:element>"
    "<x:element name='Body'><x:complexType><x:sequence><x:element "
    "ref='s:Fault'/></x:sequence></x:complexType>"
    "</x:element><x:element name='Fault'><x:complexType><x:sequence>"
    "<x:element name='Code'><x:complexType><x:sequence><x:element name='Value' type='x:QName'/></x:sequence>"
    "</x:complexType></x:element>"
    "<x:element name='Reason'><x:complexType><x:sequence><x:element "
    "name='Text'><x:complexType><x:simpleContent>"
    "<x:extension base='x:string'><x:anyAttribute processContents='skip'/></x:extension></x:simpleContent>"
    "</x:complexType></x:element></x:sequence></x:complexType></x:element>"
    "<x:element name='Detail' minOccurs='0'><x:complexType><x:sequence>"
    "<x:any namespace='##any' processContents='skip'/></x:sequence></x:complexType></x:element>"
    "</x:sequence></x:complexType></x:element></x:schema>";

Owned<xmlSchema, xmlSchemaFree> schema_of(std::string_view text) {
  const Owned<xmlSchemaParserCtxt, xmlSchemaFreeParserCtxt> parser{
      xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size()))};
  return Owned<xmlSchema, xmlSchemaFree>{xmlSchemaParse(parser.get())};
}

// Holds whole documents to one schema.
class Shape {
 public:
  explicit Shape(std::string_view text) : schema_(schema_of(text)) {}
  bool holds(const std::string& document) const {
    const Owned<xmlDoc, xmlFreeDoc> tree{
        xmlReadMemory(document.data(), static_cast<int>(document.size()), nullptr, nullptr, XML_PARSE_NONET)};
    if (!schema_ || !tree) return false;
    const Owned<xmlSchemaValidCtxt, xmlSchemaFreeValidCtxt> context{xmlSchemaNewValidCtxt(schema_.get())};
    return xmlSchemaValidateDoc(context.get(), tree.get()) == 0;
  }

 private:
  Owned<xmlSchema, xmlSchemaFree> schema_;
};

// Puts the detail entry into an envelope, so that it can be validated as a message part; empty if none.
std::string detail_of(const std::string& fault, SoapVersion version) {
  const std::string tag = version == SoapVersion::v1_1 ? "detail>" : "env:Detail>";
  const auto begin = fault.find("<" + tag);
  if (begin == std::string::npos) return {};
  const auto from = begin + tag.size() + 1;
  return "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>" +
         fault.substr(from, fault.find("</" + tag) - from) + "</e:Body></e:Envelope>";
}

class Faults {
 public:
  explicit Faults(const fs::path& wsdl)
      : oracle_(wsdl::open_wsdl(wsdl).value()),
        catalog_(wsdl::load_catalog({wsdl}, {schema::Mode::structure, schema::Relaxations::none()},
                                    gateway::kSalesforce.names)
                     .value()) {
    EXPECT_TRUE(oracle_.usable()) << oracle_.problem();
  }

  // Checks every reason, operation (and none) and version; returns the number of faults with a typed detail.
  std::size_t judge() {
    for (int reason = 0; reason <= static_cast<int>(Reason::internal); ++reason) {
      judge(static_cast<Reason>(reason), nullptr);
      for (const CatalogOperation& operation : catalog_->operations())
        judge(static_cast<Reason>(reason), &operation);
    }
    return typed_;
  }

 private:
  void judge(Reason reason, const CatalogOperation* operation) {
    const auto detail = gateway::typed_detail(reason, *catalog_, operation, "", gateway::kSalesforce);
    for (const SoapVersion version : {SoapVersion::v1_1, SoapVersion::v1_2}) {
      const std::string fault =
          fault_document(version, gateway::fault_code(reason), gateway::code(reason), kText, detail);
      if (!judged_.insert(fault).second) continue;  // most operations have the same
      EXPECT_TRUE((version == SoapVersion::v1_1 ? shape11_ : shape12_).holds(fault)) << fault;
      EXPECT_TRUE(reason == Reason::handle_not_valid || fault.find("INVALID_SESSION_ID") == std::string::npos)
          << fault;
      if (!detail) continue;
      ++typed_;
      const Opinion opinion = oracle_.judge(detail_of(fault, version));
      EXPECT_TRUE(opinion.well_formed && opinion.valid) << opinion.message << '\n' << fault;
    }
  }

  const Shape shape11_{kFault11};
  const Shape shape12_{kFault12};
  Oracle oracle_;
  std::shared_ptr<const Catalog> catalog_;
  std::set<std::string> judged_;
  std::size_t typed_ = 0;
};

TEST(Faults, AreValidByOurSamples) {
  for (const char* name : {"sample-partner.wsdl", "sample-enterprise.wsdl"}) {
    SCOPED_TRACE(name);
    EXPECT_GT(Faults(source_folder() / "wsdl" / name).judge(), 40U);
  }
}

// With a detail where the WSDL declares faults; the tooling, metadata and Apex APIs declare none.
TEST(Faults, AreValidByTheWsdlsOfSalesforce) {
  const fs::path folder = shared_folder() / "wsdl" / "salesforce";
  if (!fs::is_directory(folder)) GTEST_SKIP() << folder << " is not there";
  for (const char* name :
       {"enterprise-64.0.wsdl", "enterprise-27.0.wsdl", "partner-66.0.wsdl", "partner-8.0.wsdl"}) {
    SCOPED_TRACE(name);
    EXPECT_GT(Faults(folder / name).judge(), 40U);
  }
  for (const char* name : {"tooling-35.0.wsdl", "metadata-63.0.wsdl", "apex-66.0.wsdl"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(Faults(folder / name).judge(), 0U);
  }
}

}  // namespace
}  // namespace sfjwt::soap
