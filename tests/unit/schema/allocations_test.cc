// SPDX-License-Identifier: Apache-2.0
// This executable counts its allocations, to test that validating a valid message needs none.
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"
#include "tests/unit/wsdl/wsdl_of.h"
#include "tests/unit/xml/hostile_documents.h"

namespace {
std::size_t allocations = 0;
std::size_t allocated_bytes = 0;
}  // namespace

namespace {
void* counted(std::size_t size) noexcept {
  ++allocations;
  allocated_bytes += size;
  return std::malloc(size);
}
void* counted(std::size_t size, std::align_val_t alignment) noexcept {
  ++allocations;
  allocated_bytes += size;
  const auto unit = static_cast<std::size_t>(alignment);
  return std::aligned_alloc(unit, (size + unit - 1) / unit * unit);
}
void* or_thrown(void* memory) {
  if (!memory) throw std::bad_alloc();
  return memory;
}
}  // namespace

// All forms or none: a sanitizer has those that are left, and minds when memory of one is freed by another.
[[gnu::noinline]] void* operator new(std::size_t size) {
  return or_thrown(counted(size));
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
  return or_thrown(counted(size));
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size);
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  return or_thrown(counted(size, alignment));
}
[[gnu::noinline]] void* operator new[](std::size_t size, std::align_val_t alignment) {
  return or_thrown(counted(size, alignment));
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment,
                                     const std::nothrow_t&) noexcept {
  return counted(size, alignment);
}
[[gnu::noinline]] void* operator new[](std::size_t size, std::align_val_t alignment,
                                       const std::nothrow_t&) noexcept {
  return counted(size, alignment);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  std::free(memory);
}

namespace sfjwt::schema {
namespace {

struct Case {
  const char* name;
  std::string body;
};

std::string request(const std::string& body) {
  return "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
         "xmlns:u='urn:enterprise.soap.sforce.com' "
         "xmlns:s='urn:sobject.enterprise.soap.sforce.com' xmlns:xsd='http://www.w3.org/2001/XMLSchema' "
         "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><e:Header>"
         "<u:SessionHeader><u:sessionId>jane@corp.example</u:sessionId></u:SessionHeader></"
         "e:Header><e:Body>" +
         body + "</e:Body></e:Envelope>";
}

std::string create(const std::string& fields) {
  return "<u:create><u:sObjects xsi:type='s:Account'>" + fields + "</u:sObjects></u:create>";
}

std::string records() {
  std::string text;
  for (int i = 0; i < 500; ++i) {
    text +=
        "<u:sObjects "
        "xsi:type='s:Account'><s:fieldsToNull>Site</s:fieldsToNull><s:Id>001000000000001AAA</s:Id>"
        "<s:AccountNumber>A-1</s:AccountNumber><s:AnnualRevenue>1.5e6</s:AnnualRevenue>"
        "<s:CreatedDate>2026-02-28T23:59:59.999Z</s:CreatedDate><s:IsDeleted>false</s:IsDeleted>"
        "<s:Name xsi:nil='true'/><s:NumberOfEmployees>12</s:NumberOfEmployees>"
        "<s:SLAExpirationDate__c>2028-02-29</s:SLAExpirationDate__c></u:sObjects>";
  }
  return text;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> list = {
      {"query", "<u:query><u:queryString>SELECT Id FROM Account</u:queryString></u:query>"},
      {"records", "<u:create>" + records() + "</u:create>"},
      {"references", create("<s:Id xsi:nil='true'/><s:Name>R&amp;D &lt;&#x1F600;&gt;</s:Name>")},
      {"references in a number",
       create("<s:Id xsi:nil='true'/><s:NumberOfEmployees>1&#50;</s:NumberOfEmployees>")},
      {"CDATA and comments", create("<s:Id xsi:nil='true'/><s:Name>a<![CDATA[<&>]]><!-- b -->c</s:Name>")},
      {"carriage returns", create("\r\n<s:Id xsi:nil='true'/>\r\n<s:Name>a\r\nb</s:Name>\r\n")},
      {"references in xsi:type and xsi:nil",
       "<u:create><u:sObjects xsi:type='&#115;:Account'><s:Id xsi:nil=' tru&#x65; "
       "'/></u:sObjects></u:create>"},
      {"namespace declarations", create("<s:Id xsi:nil='true' xmlns:a='urn:a' xmlns:b='urn:b' xmlns=''/>")},
      {"Japanese", create("<s:Id xsi:nil='true'/><s:Name>\xE6\xA0\xAA\xE5\xBC\x8F</s:Name>")},
      {"attachment", "<u:create><u:sObjects xsi:type='s:Attachment'><s:Id xsi:nil='true'/><s:Body>" +
                         std::string(400000, 'A') + "</s:Body></u:sObjects></u:create>"},
  };
  return list;
}

class Allocations : public testing::TestWithParam<Mode> {
 protected:
  // How many a message cost; more than any when it was refused.
  std::size_t of(const std::string& body) const {
    const std::size_t before = allocations;
    const bool accepted = soap::read_envelope(body, *catalog_, {}).has_value();
    return accepted ? allocations - before : static_cast<std::size_t>(-1);
  }

 private:
  std::shared_ptr<const soap::Catalog> catalog_ =
      wsdl::load_catalog({SFJWT_SOURCE_DIR "/wsdl/sample-enterprise.wsdl"}, {GetParam(), Relaxations::all()},
                         gateway::kSalesforce.names)
          .value();
};

TEST_P(Allocations, AValidMessageCostsNone) {
  for (const Case& message : cases()) EXPECT_EQ(of(request(message.body)), 0) << message.name;
}

TEST_P(Allocations, AValueWithReferencesThatAFacetHoldsCostsAtMostOne) {
  EXPECT_LE(of(request(create("<s:Id>00100000000000&#49;AAA</s:Id>"))), 1);
}

TEST(AllocationsOfFacets, ValidValuesCostNone) {
  const auto catalog =
      wsdl::catalog_of(wsdl::wsdl_of(R"(<x:simpleType name='Code'><x:restriction base='x:string'>
        <x:enumeration value='FIELD_CUSTOM_VALIDATION_EXCEPTION'/></x:restriction></x:simpleType>
        <x:simpleType name='Text'><x:restriction base='x:string'><x:minLength value='1'/><x:maxLength value='255'/>
        </x:restriction></x:simpleType>
        <x:simpleType name='Amount'><x:restriction base='x:decimal'><x:totalDigits value='18'/>
        <x:fractionDigits value='2'/><x:minInclusive value='0'/></x:restriction></x:simpleType>
        <x:element name='ask'><x:complexType><x:sequence><x:element name='code' type='t:Code'/>
        <x:element name='text' type='t:Text'/><x:element name='amount' type='t:Amount'/>
        </x:sequence></x:complexType></x:element>)"),
                       {Mode::strict, Relaxations::none()})
          .value();
  const std::string body = wsdl::ask(
      "<t:code>FIELD_CUSTOM_VALIDATION_EXCEPTION</t:code><t:text>a text of more than some bytes</t:text>"
      "<t:amount> 1234567890123456.78 </t:amount>");
  const std::size_t before = allocations;
  const bool accepted = soap::read_envelope(body, *catalog, {}).has_value();
  const std::size_t used = allocations - before;
  EXPECT_TRUE(accepted);
  EXPECT_EQ(used, 0);
}

TEST(AllocationsOfRefusals, AHostileMegabyteCostsAFewKilobytes) {
  const auto catalog =
      wsdl::load_catalog({SFJWT_SOURCE_DIR "/wsdl/sample-partner.wsdl"}, {}, gateway::kSalesforce.names)
          .value();
  for (const xml::HostileDocument& document : xml::hostile_documents(std::size_t{1} << 20)) {
    const std::string body = xml::request_with(document.element) + "<";
    const std::size_t before = allocated_bytes;
    const bool accepted = soap::read_envelope(body, *catalog, {}).has_value();
    const std::size_t used = allocated_bytes - before;
    EXPECT_FALSE(accepted) << document.what;
    EXPECT_LT(used, std::size_t{64} * 1024) << document.what;
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, Allocations, testing::Values(Mode::strict, Mode::tolerant, Mode::structure));

}  // namespace
}  // namespace sfjwt::schema
