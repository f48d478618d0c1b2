// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/wsdl/service_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mod_sfjwt/gateway/salesforce.h"

namespace sfjwt::wsdl {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// A folder of its own for each test, gone afterwards.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "wsdl_test.XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  fs::path write(const fs::path& name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// A WSDL with one operation "ask"; each piece can be exchanged.
struct Pieces {
  std::string before;
  std::string form = "elementFormDefault='qualified'";
  std::string imports;
  std::string session_header =
      "<x:element name='SessionHeader'><x:complexType><x:sequence><x:element name='sessionId' "
      "type='x:string'/>"
      "</x:sequence></x:complexType></x:element>";
  std::string components;
  std::string request_part = "<part name='p' element='t:ask'/>";
  std::string soap = "http://schemas.xmlsoap.org/wsdl/soap/";
  std::string style = "document";
  std::string header = "<s:header message='t:Head' part='h' use='literal'/>";
  std::string body = "<s:body use='literal'/>";
  std::string operations;
  std::string more;

  std::string text() const {
    return "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' xmlns:t='urn:t' xmlns:s='" + soap +
           "' xmlns:x='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:t'>" + before +
           "<types><x:schema targetNamespace='urn:t' " + form + ">" + imports + session_header + components +
           "<x:element name='ask'/><x:element name='answer'/><x:element name='trouble'/></x:schema></types>"
           "<message name='Head'><part name='h' element='t:SessionHeader'/></message>"
           "<message name='Ask'>" +
           request_part +
           "</message>"
           "<message name='Answer'><part name='p' element='t:answer'/></message>"
           "<message name='Trouble'><part name='p' element='t:trouble'/></message>"
           "<portType name='Port'><operation name='ask'><input message='t:Ask'/><output message='t:Answer'/>"
           "<fault name='f' message='t:Trouble'/></operation></portType>"
           "<binding name='Soap' type='t:Port'><s:binding style='" +
           style +
           "' transport='http://schemas.xmlsoap.org/soap/http'/>"
           "<operation name='ask'><s:operation soapAction='urn:t#ask'/><input>" +
           header + body + "</input><output><s:body use='literal'/></output></operation>" + operations +
           "</binding>" + more + "</definitions>";
  }
};

Result<soap::Wsdl, soap::WsdlError> read(const std::string& text) {
  const Folder folder;
  return read_wsdl(folder.write("w.wsdl", text), gateway::kSalesforce.names);
}

std::string failure(const std::string& text) {
  const auto wsdl = read(text);
  return wsdl ? "no failure" : wsdl.error().message;
}

const soap::Operation* operation(const soap::Wsdl& wsdl, std::string_view name) {
  const auto found =
      std::find_if(wsdl.operations.begin(), wsdl.operations.end(),
                   [name](const soap::Operation& candidate) { return candidate.name == name; });
  return found == wsdl.operations.end() ? nullptr : &*found;
}

fs::path source(std::string_view below) {
  return fs::path(SFJWT_SOURCE_DIR) / below;
}

// ---- operations ----

TEST(Wsdl, TellsAllThatABindingSaysOfAnOperation) {
  const auto wsdl = read(Pieces{}.text());
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  ASSERT_THAT(wsdl->operations, SizeIs(1));
  const soap::Operation& ask = wsdl->operations[0];
  EXPECT_EQ(ask.name, "ask");
  EXPECT_EQ(ask.input, (xml::QName{"urn:t", "ask"}));
  EXPECT_EQ(ask.output, (xml::QName{"urn:t", "answer"}));
  EXPECT_THAT(ask.faults, ElementsAre(xml::QName{"urn:t", "trouble"}));
  EXPECT_THAT(ask.header_blocks, ElementsAre(xml::QName{"urn:t", "SessionHeader"}));
  EXPECT_EQ(ask.soap_action, "urn:t#ask");
  EXPECT_EQ(wsdl->target_namespace, "urn:t");
  EXPECT_THAT(wsdl->namespaces, ElementsAre("urn:t"));
  EXPECT_THAT(wsdl->warnings, IsEmpty());
  EXPECT_TRUE(wsdl->soap11);
  EXPECT_FALSE(wsdl->soap12);
}

TEST(Wsdl, ReadsASoap12Binding) {
  Pieces pieces;
  pieces.soap = "http://schemas.xmlsoap.org/wsdl/soap12/";
  const auto wsdl = read(pieces.text());
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  EXPECT_TRUE(wsdl->soap12);
  EXPECT_FALSE(wsdl->soap11);
}

constexpr std::string_view kSecondBinding =
    "<binding name='Soap12' type='t:Port' xmlns:s12='http://schemas.xmlsoap.org/wsdl/soap12/'><s12:binding/>"
    "<operation name='ask'><input><s12:header message='t:Head2' part='h'/><s12:body use='literal'/></input>"
    "<output><s12:body use='literal'/></output></operation></binding>";

TEST(Wsdl, MergesTheSoap11AndSoap12BindingsOfOnePortType) {
  Pieces pieces;
  pieces.components = "<x:element name='Options'/>";
  pieces.more = std::string("<message name='Head2'><part name='h' element='t:Options'/></message>")
                    .append(kSecondBinding);
  const auto wsdl = read(pieces.text());
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  EXPECT_TRUE(wsdl->soap11 && wsdl->soap12);
  ASSERT_THAT(wsdl->operations, SizeIs(1));
  EXPECT_THAT(wsdl->operations[0].header_blocks,
              ElementsAre(xml::QName{"urn:t", "SessionHeader"}, xml::QName{"urn:t", "Options"}));
}

TEST(Wsdl, SkipsBindingsThatAreNotSoap) {
  Pieces pieces;
  pieces.more =
      "<binding name='Get' type='t:Missing' xmlns:h='http://schemas.xmlsoap.org/wsdl/http/'><h:binding "
      "verb='GET'/>"
      "</binding>";
  EXPECT_TRUE(read(pieces.text()));
}

TEST(Wsdl, LeavesOutABindingToAnotherTransportWithAWarning) {
  Pieces pieces;
  pieces.more =
      "<binding name='Mail' type='t:Port'><s:binding "
      "transport='http://schemas.xmlsoap.org/soap/smtp'/></binding>";
  const auto wsdl = read(pieces.text());
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  EXPECT_THAT(wsdl->warnings, ElementsAre(HasSubstr("smtp")));
}

TEST(Wsdl, TakesOnlyTheNamedPartsIntoTheBody) {
  Pieces pieces;
  pieces.request_part = "<part name='q' type='x:string'/><part name='p' element='t:ask'/>";
  pieces.body = "<s:body use='literal' parts=' p '/>";
  const auto wsdl = read(pieces.text());
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  EXPECT_EQ(wsdl->operations[0].input.local_name, "ask");
}

TEST(Wsdl, TakesNoPartOfAHeaderIntoTheBody) {
  Pieces pieces;
  pieces.request_part = "<part name='h' element='t:SessionHeader'/><part name='p' element='t:ask'/>";
  pieces.header = "<s:header message='t:Ask' part='h' use='literal'/>";
  const auto wsdl = read(pieces.text());
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  EXPECT_EQ(wsdl->operations[0].input.local_name, "ask");
}

// ---- what cannot be served ----

TEST(Wsdl, RefusesRpcStyle) {
  Pieces pieces;
  pieces.style = "rpc";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("\"ask\" has the style \"rpc\""));
}

TEST(Wsdl, RefusesAnEncodedBody) {
  Pieces pieces;
  pieces.body = "<s:body use='encoded'/>";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("encoded"));
}

TEST(Wsdl, RefusesAnEncodedHeader) {
  Pieces pieces;
  pieces.header = "<s:header message='t:Head' part='h' use='encoded'/>";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("encoded"));
}

TEST(Wsdl, RefusesSeveralBodyParts) {
  Pieces pieces;
  pieces.request_part += "<part name='q' element='t:answer'/>";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("several parts"));
}

TEST(Wsdl, RefusesARequestWithoutBodyPart) {
  Pieces pieces;
  pieces.request_part.clear();
  EXPECT_THAT(failure(pieces.text()), HasSubstr("without body part"));
}

TEST(Wsdl, RefusesAPartWithATypeInsteadOfAnElement) {
  Pieces pieces;
  pieces.request_part = "<part name='p' type='x:string'/>";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("type instead of an element"));
}

TEST(Wsdl, RefusesAPartWhoseElementNoSchemaDeclares) {
  Pieces pieces;
  pieces.request_part = "<part name='p' element='t:nothing'/>";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("element {urn:t}nothing"));
}

TEST(Wsdl, RefusesAPrefixThatIsNotDeclared) {
  Pieces pieces;
  pieces.request_part = "<part name='p' element='u:ask'/>";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("\"u:ask\", whose prefix is not declared"));
}

TEST(Wsdl, RefusesAHeaderPartThatIsNotThere) {
  Pieces pieces;
  pieces.header = "<s:header message='t:Head' part='other' use='literal'/>";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("part \"other\""));
}

TEST(Wsdl, RefusesABoundOperationThatThePortTypeLacks) {
  Pieces pieces;
  pieces.operations = "<operation name='tell'><input><s:body use='literal'/></input></operation>";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("\"tell\" is not in portType"));
}

TEST(Wsdl, RefusesTwoOperationsWithTheSameInputElement) {
  Pieces pieces;
  pieces.more =
      "<portType name='Port2'><operation name='ask2'><input message='t:Ask'/></operation></portType>"
      "<binding name='B2' type='t:Port2'><s:binding/><operation name='ask2'><input><s:body "
      "use='literal'/></input>"
      "</operation></binding>";
  EXPECT_THAT(failure(pieces.text()),
              HasSubstr("\"ask\" and \"ask2\" have the same input element {urn:t}ask"));
}

TEST(Wsdl, RefusesAMessageDeclaredTwice) {
  Pieces pieces;
  pieces.more = "<message name='Ask'/>";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("message {urn:t}Ask is declared a second time"));
}

TEST(Wsdl, RefusesAWsdlWithoutSoapBinding) {
  EXPECT_THAT(failure("<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'/>"),
              HasSubstr("no SOAP binding"));
}

TEST(Wsdl, NamesFileAndLineOfWhatItRefuses) {
  const Folder folder;
  Pieces pieces;
  pieces.before = "\n\n";
  pieces.style = "rpc";
  const fs::path file = folder.write("w.wsdl", pieces.text());
  const auto wsdl = read_wsdl(file, gateway::kSalesforce.names);
  ASSERT_FALSE(wsdl);
  EXPECT_EQ(wsdl.error().file, file.string());
  EXPECT_EQ(wsdl.error().line, 3);
}

TEST(Wsdl, KeepsAMessageOneLineWhateverTheFileSays) {
  Pieces pieces;
  pieces.style = "r&#10;pc\x1b[0m";
  EXPECT_THAT(failure(pieces.text()), Not(HasSubstr("\x1b")));
  pieces.style = "r&#10;pc";
  EXPECT_THAT(failure(pieces.text()), Not(HasSubstr("\n")));
}

// ---- SessionHeader ----

xml::QName session_id_with(const Pieces& pieces) {
  const auto wsdl = read(pieces.text());
  return wsdl ? wsdl->session_id : xml::QName{"failed", wsdl.error().message};
}

TEST(Wsdl, QualifiesSessionIdByTheDefaultForm) {
  Pieces pieces;
  EXPECT_EQ(session_id_with(pieces), (xml::QName{"urn:t", "sessionId"}));
  pieces.form.clear();
  EXPECT_EQ(session_id_with(pieces), (xml::QName{"", "sessionId"}));
}

TEST(Wsdl, QualifiesSessionIdByItsOwnForm) {
  Pieces pieces;
  pieces.session_header.insert(pieces.session_header.find(" type="), " form='unqualified'");
  EXPECT_EQ(session_id_with(pieces), (xml::QName{"", "sessionId"}));
}

TEST(Wsdl, FindsSessionIdInANamedTypeAndItsBase) {
  Pieces pieces;
  pieces.session_header =
      "<x:element name='SessionHeader' type='t:Derived'/>"
      "<x:complexType name='Derived'><x:complexContent><x:extension base='t:Base'><x:sequence/></x:extension>"
      "</x:complexContent></x:complexType>"
      "<x:complexType name='Base'><x:sequence><x:element name='sessionId' "
      "type='x:string'/></x:sequence></x:complexType>";
  EXPECT_EQ(session_id_with(pieces), (xml::QName{"urn:t", "sessionId"}));
}

TEST(Wsdl, FindsSessionIdByReference) {
  Pieces pieces;
  pieces.form.clear();
  pieces.session_header =
      "<x:element name='sessionId' type='x:string'/><x:element "
      "name='SessionHeader'><x:complexType><x:sequence>"
      "<x:element ref='t:sessionId'/></x:sequence></x:complexType></x:element>";
  EXPECT_EQ(session_id_with(pieces), (xml::QName{"urn:t", "sessionId"}));
}

TEST(Wsdl, RefusesASessionHeaderWithoutSessionId) {
  Pieces pieces;
  pieces.session_header = "<x:element name='SessionHeader' type='x:string'/>";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("no child element sessionId"));
}

TEST(Wsdl, EndsAtATypeThatDerivesFromItself) {
  Pieces pieces;
  pieces.session_header =
      "<x:element name='SessionHeader' type='t:Loop'/><x:complexType name='Loop'><x:complexContent>"
      "<x:extension base='t:Loop'/></x:complexContent></x:complexType>";
  EXPECT_THAT(failure(pieces.text()), HasSubstr("no child element sessionId"));
}

TEST(Wsdl, WarnsWhenNoOperationHasASessionHeader) {
  Pieces pieces;
  pieces.header.clear();
  const auto wsdl = read(pieces.text());
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  EXPECT_EQ(wsdl->session_header, xml::QName{});
  EXPECT_THAT(wsdl->warnings, ElementsAre(HasSubstr("SessionHeader")));
}

TEST(Wsdl, RefusesSessionHeadersOfTwoNamespaces) {
  Pieces pieces;
  pieces.more =
      "<types><x:schema targetNamespace='urn:o'><x:element name='SessionHeader'/></x:schema></types>"
      "<message name='Head2'><part name='h' element='o:SessionHeader' xmlns:o='urn:o'/></message>";
  pieces.more.append(kSecondBinding);
  EXPECT_THAT(failure(pieces.text()), HasSubstr("SessionHeader twice"));
}

// ---- files ----

TEST(WsdlFile, RefusesADoctype) {
  const auto wsdl = read(
      "\n<!DOCTYPE definitions SYSTEM 'file:///etc/passwd' [<!ENTITY a SYSTEM '/etc/passwd'>]>\n<a>&a;</a>");
  ASSERT_FALSE(wsdl);
  EXPECT_THAT(wsdl.error().message, HasSubstr("DOCTYPE"));
  EXPECT_EQ(wsdl.error().line, 2);
}

TEST(WsdlFile, NamesTheLineOfAnXmlError) {
  const auto wsdl = read("<definitions>\n<a>\n</b></definitions>");
  ASSERT_FALSE(wsdl);
  EXPECT_EQ(wsdl.error().line, 3);
  EXPECT_THAT(wsdl.error().message, HasSubstr("mismatch"));
}

TEST(WsdlFile, SaysNothingOnStandardError) {
  testing::internal::CaptureStderr();
  EXPECT_FALSE(read("<a><b></a>"));
  EXPECT_FALSE(read("<p:a/>"));
  EXPECT_FALSE(read(""));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(WsdlFile, RefusesWhatIsNotARegularFile) {
  const Folder folder;
  const fs::path pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const fs::path& path : {folder.path(), pipe, fs::path("/dev/zero")}) {
    const auto wsdl = open_wsdl(path);
    ASSERT_FALSE(wsdl) << path;
    EXPECT_THAT(wsdl.error().message, HasSubstr("not a regular file"));
    EXPECT_EQ(wsdl.error().line, 0);
  }
}

TEST(WsdlFile, SaysWhyAFileCannotBeRead) {
  const Folder folder;
  const auto wsdl = open_wsdl(folder.path() / "absent.wsdl");
  ASSERT_FALSE(wsdl);
  EXPECT_THAT(wsdl.error().message, HasSubstr("No such file"));
}

TEST(WsdlFile, RefusesMoreThan64Megabytes) {
  const Folder folder;
  const fs::path file = folder.write("large.wsdl", "<a/>");
  fs::resize_file(file, 64U * 1024 * 1024 + 1);
  const auto wsdl = open_wsdl(file);
  ASSERT_FALSE(wsdl);
  EXPECT_THAT(wsdl.error().message, HasSubstr("64 MB"));
}

TEST(WsdlFile, RefusesAnotherRootElement) {
  EXPECT_THAT(failure("<a xmlns='urn:a'/>"), HasSubstr("its root element is {urn:a}a"));
}

TEST(WsdlFile, CallsOtherDocumentsWhatTheyAre) {
  EXPECT_THAT(failure("<description xmlns='http://www.w3.org/ns/wsdl'/>"), HasSubstr("WSDL 2.0"));
  EXPECT_THAT(failure("<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema'/>"),
              HasSubstr("XML Schema alone"));
  EXPECT_THAT(failure("<application xmlns='http://wadl.dev.java.net/2009/02'/>"), HasSubstr("is a WADL"));
  EXPECT_THAT(failure("<html xmlns='http://www.w3.org/1999/xhtml'/>"), HasSubstr("web page"));
  EXPECT_THAT(failure("<!DOCTYPE html>\n<html><p>Login<br></html>"), HasSubstr("web page"));
  EXPECT_THAT(failure("\x1F\x8B\x08"), HasSubstr("gunzip"));
  EXPECT_THAT(failure(""), HasSubstr("is empty"));
  EXPECT_THAT(failure("<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'/>"),
              HasSubstr("SOAP message"));
}

// As PowerShell writes it, whatever its XML declaration says.
TEST(WsdlFile, IsReadInUtf16) {
  for (const std::string encoding : {"UTF-16", "UTF-8"}) {
    std::string wide = "\xFF\xFE";
    for (const char c : "<?xml version='1.0' encoding='" + encoding + "'?>" + Pieces().text())
      (wide += c) += '\0';
    const auto wsdl = read(wide);
    ASSERT_TRUE(wsdl) << wsdl.error().message;
    EXPECT_THAT(wsdl->operations, SizeIs(1));
  }
}

TEST(WsdlFile, HasTheAddressOfItsFirstPort) {
  Pieces pieces;
  pieces.more =
      "<service name='S'><port name='a' binding='t:b'/><port name='b' binding='t:b'>"
      "<soap:address xmlns:soap='http://schemas.xmlsoap.org/wsdl/soap/' "
      "location='https://login.salesforce.com/services/Soap/u/66.0'/></port></service>";
  const auto wsdl = read(pieces.text());
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  EXPECT_EQ(wsdl->address, "https://login.salesforce.com/services/Soap/u/66.0");
}

std::string failure_with_import(const Folder& folder, const std::string& location) {
  Pieces pieces;
  pieces.imports = "<x:import namespace='urn:o' schemaLocation='" + location + "'/>";
  const auto wsdl = read_wsdl(folder.write("main/w.wsdl", pieces.text()), gateway::kSalesforce.names);
  return wsdl ? "no failure" : wsdl.error().message;
}

constexpr std::string_view kOtherSchema =
    "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:o'/>";

TEST(WsdlImport, ReadsASchemaBelowItsDirectory) {
  const Folder folder;
  folder.write("main/below/the types.xsd", kOtherSchema);
  Pieces pieces;
  pieces.imports = "<x:import namespace='urn:o' schemaLocation='below/the%20types.xsd'/>";
  const auto wsdl = read_wsdl(folder.write("main/w.wsdl", pieces.text()), gateway::kSalesforce.names);
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  EXPECT_THAT(wsdl->namespaces, ElementsAre("urn:t", "urn:o"));
}

TEST(WsdlImport, FetchesNothingAndNamesIt) {
  const Folder folder;
  for (const char* location : {"http://localhost/a.xsd", "https://localhost/a.xsd", "ftp://localhost/a.xsd",
                               "//localhost/a.xsd", "file:///etc/a.xsd", "HTTP:a.xsd"}) {
    EXPECT_THAT(failure_with_import(folder, location),
                testing::AllOf(HasSubstr(location), HasSubstr("not fetched")));
  }
}

TEST(WsdlImport, ReadsNothingOutsideItsDirectory) {
  const Folder folder;
  folder.write("outside.xsd", kOtherSchema);
  folder.write("main2/a.xsd", kOtherSchema);
  for (const std::string& location : {std::string("../outside.xsd"), std::string("x/../../outside.xsd"),
                                      std::string("..%2Foutside.xsd"), std::string("../main2/a.xsd"),
                                      (folder.path() / "outside.xsd").string(), std::string("/etc/passwd")}) {
    EXPECT_THAT(failure_with_import(folder, location), HasSubstr("outside the directory")) << location;
  }
}

TEST(WsdlImport, FollowsNoSymbolicLinkOutOfItsDirectory) {
  const Folder folder;
  const fs::path outside = folder.write("outside/a.xsd", kOtherSchema);
  fs::create_directories(folder.path() / "main");
  fs::create_symlink(outside, folder.path() / "main/a.xsd");
  fs::create_directory_symlink(outside.parent_path(), folder.path() / "main/sub");
  EXPECT_THAT(failure_with_import(folder, "a.xsd"), HasSubstr("outside the directory"));
  EXPECT_THAT(failure_with_import(folder, "sub/a.xsd"), HasSubstr("outside the directory"));
}

TEST(WsdlImport, NamesAFileThatIsNotThere) {
  const Folder folder;
  EXPECT_THAT(failure_with_import(folder, "absent.xsd"),
              HasSubstr("xsd:import of \"absent.xsd\": No such file"));
  EXPECT_THAT(failure_with_import(folder, "a%00.xsd"), HasSubstr("names no file"));
}

TEST(WsdlImport, RefusesASchemaOfAnotherNamespace) {
  const Folder folder;
  folder.write("main/a.xsd",
               "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:else'/>");
  EXPECT_THAT(failure_with_import(folder, "a.xsd"), HasSubstr("\"urn:else\" instead of \"urn:o\""));
}

TEST(WsdlImport, RefusesAFileThatIsNoSchema) {
  const Folder folder;
  folder.write("main/a.xsd", "<a/>");
  EXPECT_THAT(failure_with_import(folder, "a.xsd"), HasSubstr("what it names is a"));
}

TEST(WsdlImport, NeedsNoLocationBetweenInlineSchemas) {
  Pieces pieces;
  pieces.imports = "<x:import namespace='urn:elsewhere'/>";
  EXPECT_TRUE(read(pieces.text()));
}

TEST(WsdlImport, ReadsOperationsOfAnImportedWsdl) {
  const Folder folder;
  folder.write("parts/operations.wsdl", Pieces{}.text());
  const auto wsdl =
      read_wsdl(folder.write("w.wsdl",
                             "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' targetNamespace='urn:m'>"
                             "<import namespace='urn:t' location='parts/operations.wsdl'/></definitions>"),
                gateway::kSalesforce.names);
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  EXPECT_EQ(wsdl->target_namespace, "urn:m");
  EXPECT_THAT(wsdl->operations, SizeIs(1));
}

TEST(WsdlImport, NamesTheImportedFileInItsErrors) {
  const Folder folder;
  folder.write("parts/operations.wsdl", "<definitions>");
  const auto wsdl =
      read_wsdl(folder.write("w.wsdl",
                             "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'>"
                             "<import namespace='urn:t' location='./parts/operations.wsdl'/></definitions>"),
                gateway::kSalesforce.names);
  ASSERT_FALSE(wsdl);
  EXPECT_EQ(wsdl.error().file, (folder.path() / "parts/operations.wsdl").string());
}

TEST(WsdlImport, ReadsEachFileOfACycleOnce) {
  const Folder folder;
  Pieces pieces;
  pieces.before = "<import namespace='urn:t' location='b.wsdl'/>";
  folder.write(
      "b.wsdl",
      "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'><import namespace='urn:t' location='w.wsdl'/>"
      "<import namespace='urn:t' location='b.wsdl'/></definitions>");
  const auto document = open_wsdl(folder.write("w.wsdl", pieces.text()));
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_THAT(document->documents, SizeIs(2));
  EXPECT_TRUE(read_wsdl(*document, gateway::kSalesforce.names));
}

TEST(WsdlImport, ReadsEachSchemaOfACycleOnce) {
  const Folder folder;
  folder.write("a.xsd",
               "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:o'>"
               "<x:include schemaLocation='b.xsd'/></x:schema>");
  folder.write("b.xsd",
               "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:o'>"
               "<x:include schemaLocation='a.xsd'/></x:schema>");
  Pieces pieces;
  pieces.imports = "<x:import namespace='urn:o' schemaLocation='a.xsd'/>";
  const auto document = open_wsdl(folder.write("w.wsdl", pieces.text()));
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_THAT(document->schemas, SizeIs(3));
}

TEST(WsdlImport, GivesAnIncludedSchemaWithoutNamespaceThatOfTheIncludingOne) {
  const Folder folder;
  folder.write("chameleon.xsd",
               "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' elementFormDefault='qualified'>"
               "<x:element name='SessionHeader' type='Session'/><x:complexType name='Session'><x:sequence>"
               "<x:element name='sessionId' type='x:string'/></x:sequence></x:complexType></x:schema>");
  Pieces pieces;
  pieces.imports = "<x:include schemaLocation='chameleon.xsd'/>";
  pieces.session_header.clear();
  const auto wsdl = read_wsdl(folder.write("w.wsdl", pieces.text()), gateway::kSalesforce.names);
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  EXPECT_EQ(wsdl->session_id, (xml::QName{"urn:t", "sessionId"}));
}

// ---- our samples and real files ----

TEST(WsdlSamples, AreRead) {
  for (const std::string style : {"partner", "enterprise"}) {
    const auto wsdl = read_wsdl(source("wsdl/sample-" + style + ".wsdl"), gateway::kSalesforce.names);
    ASSERT_TRUE(wsdl) << wsdl.error().message;
    const std::string uri = "urn:" + style + ".soap.sforce.com";
    EXPECT_THAT(wsdl->operations, SizeIs(9));
    EXPECT_THAT(wsdl->warnings, IsEmpty());
    EXPECT_EQ(wsdl->session_header, (xml::QName{uri, "SessionHeader"}));
    EXPECT_EQ(wsdl->session_id, (xml::QName{uri, "sessionId"}));
    EXPECT_THAT(wsdl->namespaces, SizeIs(3));
    ASSERT_TRUE(operation(*wsdl, "query"));
    EXPECT_THAT(
        operation(*wsdl, "query")->faults,
        testing::Contains(xml::QName{"urn:fault." + style + ".soap.sforce.com", "MalformedQueryFault"}));
    ASSERT_TRUE(operation(*wsdl, "login"));
    EXPECT_THAT(operation(*wsdl, "login")->header_blocks, Not(testing::Contains(wsdl->session_header)));
  }
}

struct RealWsdl {
  const char* name;
  std::size_t operations;
  const char* session_namespace;  // null: no SessionHeader
};

constexpr const char* kEnterprise = "urn:enterprise.soap.sforce.com";
constexpr const char* kPartner = "urn:partner.soap.sforce.com";
constexpr const char* kTooling = "urn:tooling.soap.sforce.com";
constexpr const char* kMetadata = "http://soap.sforce.com/2006/04/metadata";
constexpr const char* kApex = "http://soap.sforce.com/2006/08/apex";

class SalesforceWsdl : public testing::TestWithParam<RealWsdl> {};

TEST_P(SalesforceWsdl, IsReadWithAllOperationsAndItsSessionHeader) {
  const RealWsdl& expected = GetParam();
  const fs::path file = source("../shared/data/wsdl/salesforce") / (std::string(expected.name) + ".wsdl");
  if (!fs::exists(file)) GTEST_SKIP() << "the collection of real WSDLs is not next to this checkout";
  const auto wsdl = read_wsdl(file, gateway::kSalesforce.names);
  ASSERT_TRUE(wsdl) << wsdl.error().message;
  EXPECT_THAT(wsdl->operations, SizeIs(expected.operations));
  if (!expected.session_namespace) {
    EXPECT_EQ(wsdl->session_header, xml::QName{});
    return;
  }
  EXPECT_EQ(wsdl->session_header, (xml::QName{expected.session_namespace, "SessionHeader"}));
  EXPECT_EQ(wsdl->session_id, (xml::QName{expected.session_namespace, "sessionId"}));
  EXPECT_THAT(wsdl->warnings, IsEmpty());
  for (const soap::Operation& one : wsdl->operations) {
    EXPECT_EQ(one.output.local_name,
              one.input.local_name == "notifications" ? "" : one.input.local_name + "Response");
    EXPECT_EQ(one.soap_action, "");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Real, SalesforceWsdl,
    testing::Values(RealWsdl{"apex-44.0", 6, kApex}, RealWsdl{"apex-66.0", 6, kApex},
                    RealWsdl{"enterprise-27.0", 32, kEnterprise},
                    RealWsdl{"enterprise-42.0", 61, kEnterprise},
                    RealWsdl{"enterprise-47.0", 63, kEnterprise},
                    RealWsdl{"enterprise-64.0", 63, kEnterprise}, RealWsdl{"metadata-27.0", 10, kMetadata},
                    RealWsdl{"metadata-63.0", 15, kMetadata},
                    RealWsdl{"outbound-DiscountRule__c", 1, nullptr}, RealWsdl{"partner-8.0", 26, kPartner},
                    RealWsdl{"partner-23.0", 32, kPartner}, RealWsdl{"partner-38.0", 57, kPartner},
                    RealWsdl{"partner-66.0", 102, kPartner}, RealWsdl{"tooling-35.0", 26, kTooling},
                    RealWsdl{"tooling-44.0", 28, kTooling}),
    [](const auto& instance) {
      std::string name = instance.param.name;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return c == '-' || c == '.' || c == '_'; }, '0');
      return name;
    });

TEST(WsdlOthers, AreReadOrRefusedWithAReason) {
  const fs::path folder = source("../shared/data/wsdl/other");
  if (!fs::exists(folder)) GTEST_SKIP() << "the collection of real WSDLs is not next to this checkout";
  std::size_t read_well = 0;
  std::size_t refused = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".wsdl") continue;
    const auto wsdl = read_wsdl(entry.path(), gateway::kSalesforce.names);
    if (wsdl) {
      ++read_well;
      EXPECT_THAT(wsdl->operations, Not(IsEmpty())) << entry.path();
    } else {
      ++refused;
      EXPECT_NE(wsdl.error().message, "") << entry.path();
      EXPECT_GT(wsdl.error().line, 0) << entry.path();
    }
  }
  EXPECT_GE(read_well, 25U);
  EXPECT_GE(refused, 30U);
}

}  // namespace
}  // namespace sfjwt::wsdl
