// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/fault.h"

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/xml/characters.h"

namespace sfjwt::soap {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Replaces what a document cannot contain: bytes that are not UTF-8 or not a character of XML 1.0 cannot be
// written at all, not even as a reference.
std::string as_content(std::string_view text) {
  std::string content;
  for (;;) {
    const std::size_t good = xml::check_characters(text).first_bad;
    content += xml_escaped(text.substr(0, good));
    if (good == text.size()) return content;
    content += kReplacement;
    text.remove_prefix(good + 1);
  }
}

std::string_view name_1_1(FaultCode fault_code) {
  switch (fault_code) {
    case FaultCode::client:
      return "Client";
    case FaultCode::server:
      return "Server";
    case FaultCode::version_mismatch:
      return "VersionMismatch";
    case FaultCode::must_understand:
      return "MustUnderstand";
  }
  return "Server";
}

std::string_view name_1_2(FaultCode fault_code) {
  switch (fault_code) {
    case FaultCode::client:
      return "Sender";
    case FaultCode::server:
      return "Receiver";
    case FaultCode::version_mismatch:
      return "VersionMismatch";
    case FaultCode::must_understand:
      return "MustUnderstand";
  }
  return "Receiver";
}

constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

// Tells a client that sends SOAP 1.2, while the WSDL binds only SOAP 1.1, which version is supported (SOAP
// 1.2 part 1 section 5.4.7).
constexpr std::string_view kUpgrade =
    "<env:Header><env:Upgrade>"
    "<env:SupportedEnvelope qname=\"soapenv:Envelope\" "
    "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"/>"
    "</env:Upgrade></env:Header>";

// A child of the declared element, whose namespace has the prefix sf.
std::string child(const FaultDetail& declared, const xml::QName& name, const std::string& content) {
  const bool same = name.namespace_uri == declared.element.namespace_uri;
  const std::string tag = (same ? "sf:" : "") + name.local_name;
  const std::string own =
      same || name.namespace_uri.empty() ? "" : " xmlns=\"" + xml_escaped(name.namespace_uri) + "\"";
  return "<" + tag + own + ">" + content + "</" + tag + ">";
}

// Has an xsi:type, as from the backend: Java clients use it to choose the exception.
std::string detail_entry(const TypedDetail& detail, const std::string& reason) {
  const FaultDetail& declared = detail.declared;
  const std::string name = "sf:" + declared.element.local_name;
  std::string entry = "<" + name + " xmlns:sf=\"" + xml_escaped(declared.element.namespace_uri) + "\"";
  if (!declared.type.local_name.empty()) {
    const bool same = declared.type.namespace_uri == declared.element.namespace_uri;
    if (!same) entry += " xmlns:type=\"" + xml_escaped(declared.type.namespace_uri) + "\"";
    entry += " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"";
    entry += (same ? "sf:" : "type:") + declared.type.local_name + "\"";
  }
  return entry + ">" + child(declared, declared.code, as_content(detail.exception_code)) +
         child(declared, declared.message, reason) + "</" + name + ">";
}

std::string document_1_1(FaultCode fault_code, const std::string& reason, const std::string& entry) {
  std::string document(kDeclaration);
  document +=
      "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>"
      "<soapenv:Fault><faultcode>soapenv:";
  document += name_1_1(fault_code);
  document += "</faultcode><faultstring>" + reason + "</faultstring>";
  if (!entry.empty()) document += "<detail>" + entry + "</detail>";
  document += "</soapenv:Fault></soapenv:Body></soapenv:Envelope>";
  return document;
}

std::string document_1_2(FaultCode fault_code, const std::string& reason, const std::string& entry) {
  std::string document(kDeclaration);
  document += "<env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\">";
  if (fault_code == FaultCode::version_mismatch) document += kUpgrade;
  document += "<env:Body><env:Fault><env:Code><env:Value>env:";
  document += name_1_2(fault_code);
  document += "</env:Value></env:Code><env:Reason><env:Text xml:lang=\"en\">" + reason;
  document += "</env:Text></env:Reason>";
  if (!entry.empty()) document += "<env:Detail>" + entry + "</env:Detail>";
  document += "</env:Fault></env:Body></env:Envelope>";
  return document;
}

}  // namespace

std::string fault_document(SoapVersion version, FaultCode fault_code, std::string_view code,
                           std::string_view text, const std::optional<TypedDetail>& detail) {
  std::string reason = as_content(code);
  if (!reason.empty() && !text.empty()) reason += ": ";
  reason += as_content(text);
  const std::string entry = detail ? detail_entry(*detail, reason) : std::string();
  return version == SoapVersion::v1_1 ? document_1_1(fault_code, reason, entry)
                                      : document_1_2(fault_code, reason, entry);
}

std::string_view content_type(SoapVersion version) {
  return version == SoapVersion::v1_1 ? "text/xml; charset=utf-8" : "application/soap+xml; charset=utf-8";
}

}  // namespace sfjwt::soap
