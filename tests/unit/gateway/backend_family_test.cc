// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/backend_family.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "mod_sfjwt/gateway/exception_code.h"
#include "mod_sfjwt/gateway/gateway.h"
#include "mod_sfjwt/gateway/target.h"
#include "mod_sfjwt/soap/fault.h"
#include "mod_sfjwt/soap/received_fault.h"
#include "tests/unit/gateway/fake_caller.h"
#include "tests/unit/wsdl/wsdl_of.h"

// The gateway in front of services that are not Salesforce: nothing but the description differs.
namespace sfjwt::gateway {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::array<GuardedOperation, 2> kGuarded = {{
    {"signOff", ""},
    {"closeAll", "it would close the tickets of others"},
}};

constexpr std::array<schema::KnownAlias, 1> kAliases = {{
    {&schema::Relaxations::parameter_names, "post", "entry", "item"},
}};

constexpr BackendFamily kLedger{
    .name = "Ledger",
    .names = {.session_header = "Ticket",
              .session_id = "number",
              .exception_code = "fault",
              .exception_message = "text",
              .login = {},
              .relaxed = {.object_name = {},
                          .record_id = {},
                          .id = {},
                          .aliases = kAliases,
                          .operations_on_records = {},
                          .test_level = {},
                          .conversions = {}}},
    .soap_path = "/ledger/",
    .hosts = {},
    .session_over = "TICKET_CLOSED",
    .session_over_text = "closed",
    .login_denied_text = "no",
    .exceptions = {.media_type = "M",
                   .size = "S",
                   .xml = "BAD_XML",
                   .header = "H",
                   .operation = "O",
                   .login = "L",
                   .access = "A",
                   .unavailable = "U",
                   .unknown = "X"},
    .default_fault = "LedgerFault",
    .guarded_operations = kGuarded,
    .guarded_apis = {"urn:ledger", ""},
    .apis = {},
    .classes = {},
    .session_id = {"TK", '#'},
    .provider = {},
};

std::string element(const std::string& name, const std::string& type = "") {
  return "<x:element name='" + name + "'" +
         (type.empty() ? "><x:complexType><x:sequence/></x:complexType></x:element>"
                       : " type='" + type + "'/>");
}

std::string message(const std::string& name, const std::string& of) {
  return "<w:message name='" + name + "'><w:part name='p' element='t:" + of + "'/></w:message>";
}

std::string wsdl() {
  std::string types = "<x:element name='Ticket'><x:complexType><x:sequence>" + element("number", "x:string") +
                      "</x:sequence></x:complexType></x:element>"
                      "<x:element name='LedgerFault'><x:complexType><x:sequence>" +
                      element("fault", "x:string") + element("text", "x:string") +
                      "</x:sequence></x:complexType></x:element>";
  std::string messages = message("ticket", "Ticket") + message("fault", "LedgerFault");
  std::string abstract;
  std::string bound;
  for (const std::string name : {"post", "signOff", "closeAll"}) {
    types +=
        "<x:element name='" + name + "'><x:complexType><x:sequence>" +
        "<x:element name='entry' type='x:string' minOccurs='0'/></x:sequence></x:complexType></x:element>" +
        element(name + "Done");
    messages += message(name, name) + message(name + "Done", name + "Done");
    abstract += "<w:operation name='" + name + "'><w:input message='t:" + name +
                "'/><w:output message='t:" + name +
                "Done'/><w:fault name='f' message='t:fault'/></w:operation>";
    bound += "<w:operation name='" + name +
             "'><w:input><s:header message='t:ticket' part='p' use='literal'/><s:body use='literal'/>"
             "</w:input><w:output><s:body use='literal'/></w:output></w:operation>";
  }
  return "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' "
         "xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/' xmlns:x='http://www.w3.org/2001/XMLSchema' "
         "xmlns:t='urn:ledger' targetNamespace='urn:ledger'><w:types>"
         "<x:schema targetNamespace='urn:ledger' elementFormDefault='qualified'>" +
         types + "</x:schema></w:types>" + messages + "<w:portType name='p'>" + abstract +
         "</w:portType><w:binding name='b' type='t:p'>"
         "<s:binding transport='http://schemas.xmlsoap.org/soap/http'/>" +
         bound + "</w:binding></w:definitions>";
}

class BackendFamilyTest : public testing::Test {
 protected:
  BackendFamilyTest() {
    auto catalog = wsdl::catalog_of(wsdl(), {}, kLedger.names);
    EXPECT_TRUE(catalog) << catalog.error().message;
    rules_.catalog = *catalog;
    rules_.backend = &kLedger;
    rules_.allow.push_back({AllowRule::Kind::any, {}, {}, nullptr});
  }

  static std::string request(const std::string& header, const std::string& operation = "post") {
    return "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:l='urn:ledger'>" + header +
           "<e:Body><l:" + operation + "/></e:Body></e:Envelope>";
  }
  static std::string with_ticket(const std::string& number) {
    return "<e:Header><l:Ticket><l:number>" + number + "</l:number></l:Ticket></e:Header>";
  }

  Result<Admitted, Refusal> admitted(const std::string& body) const {
    return admit(body, {{soap::SoapVersion::v1_1, {}}, ""}, rules_, FakeCaller());
  }
  Refusal refusal(const std::string& body) const {
    auto answer = admitted(body);
    EXPECT_FALSE(answer);
    return answer ? Refusal{Reason::internal, "admitted", {}} : answer.error();
  }
  std::string rewritten(const std::string& body) const {
    const auto envelope = soap::read_envelope(body, *rules_.catalog, rules_.limits);
    EXPECT_TRUE(envelope) << envelope.error().message;
    const RewrittenBody pieces(body, *envelope, Secret("token"));
    std::string all;
    for (const auto piece : pieces.pieces()) all += piece;
    return all;
  }

  Rules rules_;
};

TEST_F(BackendFamilyTest, TheUserStandsInItsSessionHeader) {
  const auto answer = admitted(request(with_ticket("Jane@corp.example")));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->subject, "jane@corp.example");
  EXPECT_EQ(answer->answer, std::nullopt);
}

TEST_F(BackendFamilyTest, TheTokenReplacesItsSessionId) {
  EXPECT_EQ(rewritten(request(with_ticket("jane@corp.example"))), request(with_ticket("token")));
}

TEST_F(BackendFamilyTest, TheTokenIsInsertedInItsSessionHeader) {
  EXPECT_EQ(rewritten(request("<e:Header></e:Header>")),
            request("<e:Header><Ticket xmlns=\"urn:ledger\"><number>token</number></Ticket></e:Header>"));
}

TEST_F(BackendFamilyTest, ItsParametersHaveTheOtherNamesThatItsClientsUse) {
  const auto post = [](const std::string& parameter) {
    return "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:l='urn:ledger'>" +
           with_ticket("jane@corp.example") + "<e:Body><l:post><l:" + parameter + ">1</l:" + parameter +
           "></l:post></e:Body></e:Envelope>";
  };
  for (const std::string name : {"entry", "item"}) EXPECT_TRUE(admitted(post(name))) << name;
  EXPECT_EQ(refusal(post("id")).reason, Reason::invalid);
}

TEST_F(BackendFamilyTest, ItsTargetsAreBelowItsPath) {
  const std::vector<std::string> hosts = {"books.corp.example"};
  EXPECT_TRUE(may_receive_token("https://books.corp.example/ledger/1", hosts, kLedger));
  EXPECT_FALSE(may_receive_token("https://books.corp.example/services/Soap/u/66.0", hosts, kLedger));
}

TEST_F(BackendFamilyTest, MessagesNameItsSessionHeader) {
  for (const std::string header : {"<e:Header><l:Ticket/></e:Header>", "<e:Header/>"})
    EXPECT_THAT(refusal(request(header)).message,
                AllOf(HasSubstr("Ticket"), HasSubstr("number"), Not(HasSubstr("ession")),
                      Not(HasSubstr("Salesforce"))));
}

TEST_F(BackendFamilyTest, TheSessionHeaderOfSalesforceIsABlockLikeAnyOther) {
  const auto answer = refusal(request("<e:Header><l:SessionHeader e:mustUnderstand='1'/></e:Header>"));
  EXPECT_EQ(answer.reason, Reason::must_understand) << answer.message;
}

TEST_F(BackendFamilyTest, ItsSessionIdsAreRecognizedWhereTheUserBelongs) {
  EXPECT_THAT(refusal(request(with_ticket("tk123#secret"))).message, HasSubstr("This is a session id"));
  EXPECT_THAT(refusal(request(with_ticket("00D123!secret"))).message, HasSubstr("is not an e-mail address"));
}

TEST_F(BackendFamilyTest, ItsGuardedOperationsAreGuarded) {
  const auto signed_off = admitted(request(with_ticket("jane@corp.example"), "signOff"));
  ASSERT_TRUE(signed_off) << signed_off.error().message;
  EXPECT_THAT(signed_off->answer.value_or(""), HasSubstr("<signOffDone xmlns=\"urn:ledger\"/>"));
  const auto closed = refusal(request(with_ticket("jane@corp.example"), "closeAll"));
  EXPECT_EQ(closed.reason, Reason::session_guarded);
  EXPECT_THAT(closed.message, HasSubstr("it would close the tickets of others"));
}

TEST_F(BackendFamilyTest, FaultsHaveItsElementsAndCodes) {
  const auto* post = rules_.catalog->operation_named("post");
  const auto detail = typed_detail(Reason::invalid, *rules_.catalog, post, "", kLedger);
  ASSERT_TRUE(detail);
  EXPECT_THAT(
      soap::fault_document(soap::SoapVersion::v1_1, soap::FaultCode::client, "SFJ0309", "why", detail),
      HasSubstr("<sf:fault>BAD_XML</sf:fault><sf:text>SFJ0309: why</sf:text>"));
}

TEST_F(BackendFamilyTest, ItsFaultSaysThatASessionIsOver) {
  const auto fault = [](const std::string& code) {
    return "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><e:Fault><faultcode>l:" +
           code + "</faultcode></e:Fault></e:Body></e:Envelope>";
  };
  EXPECT_TRUE(soap::is_fault_with_code(fault("TICKET_CLOSED"), kLedger.session_over));
  EXPECT_FALSE(soap::is_fault_with_code(fault("INVALID_SESSION_ID"), kLedger.session_over));
}

}  // namespace
}  // namespace sfjwt::gateway
