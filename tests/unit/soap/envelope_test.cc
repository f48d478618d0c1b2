// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/envelope.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "mod_sfjwt/gateway/salesforce.h"

namespace sfjwt::soap {
namespace {

using namespace std::string_literals;

constexpr const char* kPartner = "urn:partner.soap.sforce.com";
constexpr const char* kSoapUri = "http://schemas.xmlsoap.org/soap/envelope/";

Wsdl partner() {
  Wsdl wsdl;
  wsdl.file = "partner.wsdl";
  wsdl.target_namespace = kPartner;
  wsdl.soap11 = true;
  wsdl.session_header = {kPartner, "SessionHeader"};
  wsdl.session_id = {kPartner, "sessionId"};
  wsdl.namespaces = {kPartner, "urn:sobject.partner.soap.sforce.com"};
  wsdl.operations = {
      {"login", {kPartner, "login"}, {kPartner, "loginResponse"}, {{kPartner, "LoginScopeHeader"}}, {}, ""},
      {"query",
       {kPartner, "query"},
       {kPartner, "queryResponse"},
       {wsdl.session_header, {kPartner, "QueryOptions"}},
       {},
       ""},
      {"logout", {kPartner, "logout"}, {kPartner, "logoutResponse"}, {wsdl.session_header}, {}, ""}};
  return wsdl;
}

Wsdl metadata() {
  constexpr const char* uri = "http://soap.sforce.com/2006/04/metadata";
  Wsdl wsdl = partner();
  wsdl.file = "metadata.wsdl";
  wsdl.session_header = {uri, "SessionHeader"};
  wsdl.namespaces = {uri};
  wsdl.operations = {
      {"listMetadata", {uri, "listMetadata"}, {uri, "listMetadataResponse"}, {wsdl.session_header}, {}, ""}};
  return wsdl;
}

// What is read points into the catalog, which therefore stays.
const Catalog& catalog(schema::Mode mode) {
  static const auto strict =
      Catalog::build({partner(), metadata()}, gateway::kSalesforce.names, schema::Mode::strict).value();
  static const auto tolerant =
      Catalog::build({partner(), metadata()}, gateway::kSalesforce.names, schema::Mode::tolerant).value();
  return mode == schema::Mode::strict ? *strict : *tolerant;
}

Result<Envelope, DocumentError> read(const std::string& body, schema::Mode mode = schema::Mode::tolerant) {
  return read_envelope(body, catalog(mode), {});
}

std::string envelope(const std::string& inside) {
  return "<e:Envelope xmlns:e='"s + kSoapUri + "' xmlns:p='" + kPartner +
         "' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>" + inside + "</e:Envelope>";
}
std::string request(const std::string& header_blocks,
                    const std::string& body = "<p:query><p:queryString/></p:query>") {
  return envelope("<e:Header>" + header_blocks + "</e:Header><e:Body>" + body + "</e:Body>");
}
std::string session(const std::string& id = "<p:sessionId>jane@corp.example</p:sessionId>") {
  return "<p:SessionHeader>" + id + "</p:SessionHeader>";
}

TEST(Envelope, FindsOperationAndSessionId) {
  const std::string body = request(session());
  const auto envelope = read(body);
  ASSERT_TRUE(envelope) << envelope.error().message;
  EXPECT_EQ(envelope->operation->name, "query");
  EXPECT_EQ(envelope->wsdl->file, "partner.wsdl");
  EXPECT_EQ(envelope->session.place.of(body), "jane@corp.example");
  EXPECT_EQ(session_id(body, envelope->session), "jane@corp.example");
}

TEST(Envelope, TheSessionHeaderIsKnownByItsNamespaceWhateverThePrefix) {
  const std::string body =
      "<Envelope xmlns='"s + kSoapUri + "'><Header><SessionHeader xmlns='" + kPartner +
      "'><q:sessionId xmlns:q='" + kPartner +
      "'>a@b</q:sessionId></SessionHeader></Header><Body><p:query xmlns:p='" + kPartner +
      "'><SessionHeader><sessionId>data</sessionId></SessionHeader></p:query></Body></Envelope>";
  const auto envelope = read(body);
  ASSERT_TRUE(envelope) << envelope.error().message;
  EXPECT_EQ(envelope->session.place.of(body), "a@b");
}

TEST(Envelope, SessionHeaderInsideOtherContentIsData) {
  const std::string hidden =
      "<p:SessionHeader><p:sessionId>other@corp.example</p:sessionId></p:SessionHeader>";
  const std::string body =
      request("<p:QueryOptions>" + hidden + "</p:QueryOptions><!--" + hidden + "-->" + session(),
              "<p:query>" + hidden + "<![CDATA[" + hidden + "]]></p:query>");
  const auto envelope = read(body);
  ASSERT_TRUE(envelope) << envelope.error().message;
  EXPECT_EQ(session_id(body, envelope->session), "jane@corp.example");
}

TEST(Envelope, TheSessionIdMayBeWrittenInManyWays) {
  const std::pair<std::string, std::string> ways[] = {
      {"<p:sessionId>jane&#64;corp&#x2e;example</p:sessionId>", "jane@corp.example"},
      {"<p:sessionId><![CDATA[jane@corp.example]]></p:sessionId>", "jane@corp.example"},
      {"<p:sessionId>jane@<!-- x -->corp.example</p:sessionId>", "jane@corp.example"},
      {"<sessionId xsi:type='a'>jane@corp.example</sessionId>", "jane@corp.example"},
      {"<p:sessionId></p:sessionId>", ""},
      {"<p:sessionId/>", ""},
      {"<p:sessionId xsi:nil='true'/>", ""}};
  for (const auto& [written, value] : ways) {
    const std::string body = request(session(written));
    const auto envelope = read(body);
    ASSERT_TRUE(envelope) << written << ": " << envelope.error().message;
    EXPECT_EQ(session_id(body, envelope->session), value);
  }
}

TEST(Envelope, WhiteSpaceIsWhiteSpaceHoweverItIsWritten) {
  for (const std::string white : {"&#32;", "&#10;", "&#x9;", "&#xD;", "<![CDATA[ \n\t]]>", "<![CDATA[]]>",
                                  " <!-- x -->&#x20;\r\n<![CDATA[ ]]>&#0010;"}) {
    const std::string id = white + "<p:sessionId>jane@corp.example</p:sessionId>" + white;
    const std::string body =
        envelope(white + "<e:Header>" + white + "<p:QueryOptions/>" + white + session(id) + white +
                 "</e:Header>" + white + "<e:Body>" + white + "<p:query/>" + white + "</e:Body>" + white);
    const auto envelope = read(body);
    ASSERT_TRUE(envelope) << white << ": " << envelope.error().message;
    EXPECT_EQ(envelope->session.place.of(body), "jane@corp.example") << white;
  }
}

TEST(Envelope, NotesWhereANilAttributeStands) {
  const std::string body = request(session("<p:sessionId a='1' \n xsi:nil = 'true' />"));
  const auto envelope = read(body);
  ASSERT_TRUE(envelope);
  ASSERT_TRUE(envelope->session.nil);
  EXPECT_EQ(envelope->session.nil->of(body), " \n xsi:nil = 'true'");
  EXPECT_EQ(envelope->session.place.of(body), "/>");
}

TEST(Envelope, TellsWhereASessionHeaderWouldGo) {
  const std::pair<std::string, SessionPlace::Kind> cases[] = {
      {envelope("<e:Body><p:query/></e:Body>"), SessionPlace::Kind::before_body},
      {envelope("<e:Header/><e:Body><p:query/></e:Body>"), SessionPlace::Kind::opened_header},
      {envelope("<e:Header></e:Header><e:Body><p:query/></e:Body>"), SessionPlace::Kind::into_header},
      {request("<p:QueryOptions/>"), SessionPlace::Kind::into_header}};
  for (const auto& [body, kind] : cases) {
    const auto envelope = read(body);
    ASSERT_TRUE(envelope) << body << envelope.error().message;
    EXPECT_EQ(static_cast<int>(envelope->session.kind), static_cast<int>(kind)) << body;
  }
}

TEST(Envelope, AttributesOfTheSoapNamespaceMayStandOnHeaderBlocks) {
  EXPECT_TRUE(read(request(
      "<p:SessionHeader e:mustUnderstand='1' e:actor='' e:encodingStyle='x'><p:sessionId>a@b</p:sessionId>"
      "</p:SessionHeader><p:QueryOptions e:mustUnderstand='1' e:actor='urn:next'/>")));
}

TEST(Envelope, ASessionHeaderMayBeForTheNextActor) {
  EXPECT_TRUE(
      read(request("<p:SessionHeader e:actor='http://schemas.xmlsoap.org/soap/actor/next'>"
                   "<p:sessionId>a@b</p:sessionId></p:SessionHeader>")));
}

TEST(Envelope, ToleratesUndeclaredBlocksOfTheApiButNotInStrictMode) {
  const std::string body = request(session() + "<p:CallOptions><item/></p:CallOptions>");
  EXPECT_TRUE(read(body));
  const auto strict = read(body, schema::Mode::strict);
  ASSERT_FALSE(strict);
  EXPECT_EQ(static_cast<int>(strict.error().rule), static_cast<int>(xml::Rule::header_block));
  EXPECT_EQ(strict.error().path, "/Envelope/Header/CallOptions");
}

struct Refused {
  const char* what;
  std::string body;
  xml::Rule rule;
  const char* path;
};

class EnvelopeRefuses : public testing::TestWithParam<Refused> {};

TEST_P(EnvelopeRefuses, WithRuleAndPath) {
  const auto envelope = read(GetParam().body);
  ASSERT_FALSE(envelope) << GetParam().what;
  EXPECT_EQ(static_cast<int>(envelope.error().rule), static_cast<int>(GetParam().rule))
      << GetParam().what << ": " << envelope.error().message;
  EXPECT_EQ(envelope.error().path, GetParam().path) << GetParam().what << ": " << envelope.error().message;
}

const std::string kQuery = "<e:Body><p:query/></e:Body>";

INSTANTIATE_TEST_SUITE_P(
    Structure, EnvelopeRefuses,
    testing::Values(
        Refused{"no envelope", "<x/>", xml::Rule::envelope, "/x"},
        Refused{"envelope of no namespace", "<Envelope/>", xml::Rule::version_mismatch, "/Envelope"},
        Refused{"SOAP 1.2 to a SOAP 1.1 WSDL",
                "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'/>",
                xml::Rule::version_mismatch, "/Envelope"},
        Refused{"empty envelope", envelope(""), xml::Rule::envelope, "/Envelope"},
        Refused{"attribute without namespace", "<e:Envelope a='1' xmlns:e='"s + kSoapUri + "'/>",
                xml::Rule::envelope, "/Envelope"},
        Refused{"no body", envelope("<e:Header/>"), xml::Rule::envelope, "/Envelope"},
        Refused{"empty body", envelope("<e:Body/>"), xml::Rule::envelope, "/Envelope/Body"},
        Refused{"two headers", envelope("<e:Header/><e:Header/>" + kQuery), xml::Rule::envelope,
                "/Envelope/Header[2]"},
        Refused{"header behind body", envelope(kQuery + "<e:Header/>"), xml::Rule::envelope,
                "/Envelope/Header"},
        Refused{"two bodies", envelope(kQuery + kQuery), xml::Rule::envelope, "/Envelope/Body[2]"},
        Refused{"element behind body", envelope(kQuery + "<p:x/>"), xml::Rule::envelope, "/Envelope/x"},
        Refused{"element before body", envelope("<p:x/>" + kQuery), xml::Rule::envelope, "/Envelope/x"},
        Refused{"text in envelope", envelope("a" + kQuery), xml::Rule::envelope, "/Envelope"},
        Refused{"text in header", request("a"), xml::Rule::envelope, "/Envelope/Header"},
        Refused{"CDATA with text in header", request("<![CDATA[ a ]]>"), xml::Rule::envelope,
                "/Envelope/Header"},
        Refused{"reference to text in header", request("&#32;&#97;"), xml::Rule::envelope,
                "/Envelope/Header"},
        Refused{"reference to a blank that is none of XML", request("&#xA0;"), xml::Rule::envelope,
                "/Envelope/Header"},
        Refused{"reference to an ampersand in header", request("&amp;"), xml::Rule::envelope,
                "/Envelope/Header"},
        Refused{"a reference within CDATA", request("<![CDATA[&#32;]]>"), xml::Rule::envelope,
                "/Envelope/Header"},
        Refused{"text behind CDATA of white space", request("<![CDATA[ ]]>a"), xml::Rule::envelope,
                "/Envelope/Header"},
        Refused{"reference to text around sessionId", request(session("&#x2d;<p:sessionId>a</p:sessionId>")),
                xml::Rule::envelope, "/Envelope/Header/SessionHeader"},
        Refused{"CDATA with text behind sessionId",
                request(session("<p:sessionId>a</p:sessionId><![CDATA[a]]>")), xml::Rule::envelope,
                "/Envelope/Header/SessionHeader"},
        Refused{"reference to white space behind the root", request("") + "&#32;", xml::Rule::well_formed,
                "/"},
        Refused{"text in body", request("", "a<p:query/>"), xml::Rule::envelope, "/Envelope/Body"},
        Refused{"text behind the operation", request("", "<p:query/>a"), xml::Rule::envelope,
                "/Envelope/Body"},
        Refused{"two operations", request("", "<p:query/><p:logout/>"), xml::Rule::envelope,
                "/Envelope/Body/logout"},
        Refused{"unknown operation", request("", "<p:quary/>"), xml::Rule::unknown_operation,
                "/Envelope/Body/quary"},
        Refused{"operation without namespace", request("", "<query/>"), xml::Rule::unknown_operation,
                "/Envelope/Body/query"},
        Refused{"response", request("", "<p:queryResponse/>"), xml::Rule::unknown_operation,
                "/Envelope/Body/queryResponse"},
        Refused{"fault", request("", "<e:Fault/>"), xml::Rule::unknown_operation, "/Envelope/Body/Fault"},
        Refused{"nested envelope", request("", envelope(kQuery)), xml::Rule::unknown_operation,
                "/Envelope/Body/Envelope"},
        Refused{"SOAP element in header", request("<e:Body/>"), xml::Rule::envelope, "/Envelope/Header/Body"},
        Refused{"malformed inside the operation", request("", "<p:query><a></b></p:query>"),
                xml::Rule::well_formed, "/Envelope/Body/query/a"},
        Refused{"trailing content", request("") + "a", xml::Rule::well_formed, "/"}));

INSTANTIATE_TEST_SUITE_P(
    HeaderBlocks, EnvelopeRefuses,
    testing::Values(
        Refused{"two session headers", request(session() + session()), xml::Rule::session_header,
                "/Envelope/Header/SessionHeader[2]"},
        Refused{"two session ids",
                request(session("<p:sessionId>a</p:sessionId><p:sessionId>b</p:sessionId>")),
                xml::Rule::session_header, "/Envelope/Header/SessionHeader/sessionId[2]"},
        Refused{"qualified and unqualified session id",
                request(session("<p:sessionId>a</p:sessionId><sessionId>b</sessionId>")),
                xml::Rule::session_header, "/Envelope/Header/SessionHeader/sessionId"},
        Refused{"no session id", request("<p:SessionHeader/>"), xml::Rule::session_header,
                "/Envelope/Header/SessionHeader"},
        Refused{"session id in another namespace",
                request(session("<q:sessionId xmlns:q='urn:q'>a</q:sessionId>")), xml::Rule::session_header,
                "/Envelope/Header/SessionHeader/sessionId"},
        Refused{"session id with child", request(session("<p:sessionId>a<b/></p:sessionId>")),
                xml::Rule::session_header, "/Envelope/Header/SessionHeader/sessionId/b"},
        Refused{"something beside session id", request(session("<p:sessionId>a</p:sessionId><p:x/>")),
                xml::Rule::session_header, "/Envelope/Header/SessionHeader/x"},
        Refused{"text beside session id", request(session("a<p:sessionId>a</p:sessionId>")),
                xml::Rule::envelope, "/Envelope/Header/SessionHeader"},
        Refused{
            "session header of another namespace",
            request(
                "<q:SessionHeader "
                "xmlns:q='urn:enterprise.soap.sforce.com'><q:sessionId>a</q:sessionId></q:SessionHeader>"),
            xml::Rule::session_header, "/Envelope/Header/SessionHeader"},
        Refused{"session header without namespace",
                request("<SessionHeader><sessionId>a</sessionId></SessionHeader>"), xml::Rule::session_header,
                "/Envelope/Header/SessionHeader"},
        Refused{"session header of the other WSDL",
                request("<q:SessionHeader "
                        "xmlns:q='http://soap.sforce.com/2006/04/metadata'><q:sessionId>a</q:sessionId></"
                        "q:SessionHeader>"),
                xml::Rule::session_header, "/Envelope/Body/query"},
        Refused{"session header for another actor",
                request("<p:SessionHeader "
                        "e:actor='urn:other'><p:sessionId>a</p:sessionId></p:SessionHeader>"),
                xml::Rule::session_header, "/Envelope/Header/SessionHeader"},
        Refused{"session header for the next actor of another SOAP version",
                request("<p:SessionHeader e:actor='http://www.w3.org/2003/05/soap-envelope/role/next'>"
                        "<p:sessionId>a</p:sessionId></p:SessionHeader>"),
                xml::Rule::session_header, "/Envelope/Header/SessionHeader"},
        Refused{"session header for nobody",
                request("<p:SessionHeader e:actor='http://www.w3.org/2003/05/soap-envelope/role/none'>"
                        "<p:sessionId>a</p:sessionId></p:SessionHeader>"),
                xml::Rule::session_header, "/Envelope/Header/SessionHeader"},
        Refused{"unknown block that must be understood",
                request("<q:x xmlns:q='urn:q' e:mustUnderstand='1'/>"), xml::Rule::must_understand,
                "/Envelope/Header/x"},
        Refused{"unknown block", request("<q:x xmlns:q='urn:q'/>"), xml::Rule::header_block,
                "/Envelope/Header/x"},
        Refused{"block without namespace", request("<x/>"), xml::Rule::header_block, "/Envelope/Header/x"},
        Refused{"mustUnderstand maybe", request("<p:QueryOptions e:mustUnderstand='maybe'/>"),
                xml::Rule::envelope, "/Envelope/Header/QueryOptions"},
        Refused{"unknown SOAP attribute", request("<p:QueryOptions e:k='1'/>"), xml::Rule::envelope,
                "/Envelope/Header/QueryOptions"},
        Refused{
            "signature",
            request(
                "<w:Security "
                "xmlns:w='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'>"
                "<d:Signature xmlns:d='http://www.w3.org/2000/09/xmldsig#'/></w:Security>"),
            xml::Rule::signed_message, "/Envelope/Header/Security/Signature"},
        Refused{"security without signature",
                request("<w:Security "
                        "xmlns:w='http://docs.oasis-open.org/wss/2004/01/"
                        "oasis-200401-wss-wssecurity-secext-1.0.xsd'/>"),
                xml::Rule::header_block, "/Envelope/Header/Security"}));

TEST(Envelope, AnErrorHasLineAndColumnInCharacters) {
  const auto envelope = read("\xEF\xBB\xBF<a>\n\xC3\xA4 <b></c></a>");
  ASSERT_FALSE(envelope);
  EXPECT_EQ(envelope.error().line, 1u);
  EXPECT_EQ(envelope.error().column, 1u);
  const auto malformed = read(request(session(), "<p:query>\n\xC3\xA4 <b></c></p:query>"));
  ASSERT_FALSE(malformed);
  EXPECT_EQ(malformed.error().line, 2u);
  EXPECT_EQ(malformed.error().column, 6u);
}

TEST(Envelope, AnErrorNeverEchoesValuesAndCutsLongNames) {
  const auto envelope =
      read(request("", "<p:" + std::string(900, 'n') + ">secret</p:" + std::string(900, 'n') + ">"));
  ASSERT_FALSE(envelope);
  EXPECT_LT(envelope.error().message.size(), 200u);
  EXPECT_LT(envelope.error().path.size(), 200u);
  EXPECT_EQ(envelope.error().message.find("secret"), std::string::npos);
}

TEST(Envelope, NamesTheVersionOfARefusedBody) {
  EXPECT_EQ(version_of("<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><bad", {}),
            SoapVersion::v1_2);
  EXPECT_EQ(version_of("<e:Envelope xmlns:e='"s + kSoapUri + "'/>", {}), SoapVersion::v1_1);
  EXPECT_EQ(version_of("", {}), SoapVersion::v1_1);
}

TEST(Envelope, OfSoap12NamesTheNextNodeInItsOwnWords) {
  Wsdl wsdl = partner();
  wsdl.soap12 = true;
  const auto both = Catalog::build({wsdl}, gateway::kSalesforce.names, schema::Mode::tolerant).value();
  const auto accepted = [&both](const std::string& role) {
    const std::string uri = "http://www.w3.org/2003/05/soap-envelope";
    return read_envelope("<e:Envelope xmlns:e='" + uri + "' xmlns:p='" + kPartner +
                             "'><e:Header><p:SessionHeader e:role='" + role +
                             "'><p:sessionId>a@b</p:sessionId></p:SessionHeader></e:Header><e:Body><p:query/>"
                             "</e:Body></e:Envelope>",
                         *both, {})
        .has_value();
  };
  EXPECT_TRUE(accepted("http://www.w3.org/2003/05/soap-envelope/role/next"));
  EXPECT_TRUE(accepted("http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver"));
  EXPECT_FALSE(accepted("http://schemas.xmlsoap.org/soap/actor/next"));
  EXPECT_FALSE(accepted("http://www.w3.org/2003/05/soap-envelope/role/none"));
  EXPECT_FALSE(accepted("urn:other"));
}

TEST(Catalog, RefusesTwoWsdlsWithOneOperation) {
  Wsdl other = partner();
  other.file = "partner-again.wsdl";
  const auto built = Catalog::build({partner(), other}, gateway::kSalesforce.names, schema::Mode::tolerant);
  ASSERT_FALSE(built);
  EXPECT_EQ(built.error().file, "partner-again.wsdl");
  EXPECT_NE(built.error().message.find("partner.wsdl"), std::string::npos);
}

}  // namespace
}  // namespace sfjwt::soap
