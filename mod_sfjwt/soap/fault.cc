// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/fault.h"

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/xml/escaped_content.h"

namespace sfjwt::soap {
namespace {

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
std::string detail_entry(const TypedDetail& detail, const std::string& message) {
  const FaultDetail& declared = detail.declared;
  const std::string name = "sf:" + declared.element.local_name;
  std::string entry = "<" + name + " xmlns:sf=\"" + xml_escaped(declared.element.namespace_uri) + "\"";
  if (!declared.type.local_name.empty()) {
    const bool same = declared.type.namespace_uri == declared.element.namespace_uri;
    if (!same) entry += " xmlns:type=\"" + xml_escaped(declared.type.namespace_uri) + "\"";
    entry += " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"";
    entry += (same ? "sf:" : "type:") + declared.type.local_name + "\"";
  }
  return entry + ">" + child(declared, declared.code, xml::escaped_content(detail.exception_code)) +
         child(declared, declared.message, message) + "</" + name + ">";
}

// What is written between the tags that every fault has; escaped.
struct Parts {
  std::string declarations;  // of the Envelope, besides its own namespace
  std::string code;
  std::string reason;
  std::string entry;
};

std::string document_1_1(const Parts& parts) {
  std::string document(kDeclaration);
  document += "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"";
  document += parts.declarations;
  document += "><soapenv:Body><soapenv:Fault><faultcode>";
  document += parts.code;
  document += "</faultcode><faultstring>" + parts.reason + "</faultstring>";
  if (!parts.entry.empty()) document += "<detail>" + parts.entry + "</detail>";
  document += "</soapenv:Fault></soapenv:Body></soapenv:Envelope>";
  return document;
}

std::string document_1_2(const Parts& parts, std::string_view header) {
  std::string document(kDeclaration);
  document += "<env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\"";
  document += parts.declarations;
  document += ">";
  document += header;
  document += "<env:Body><env:Fault><env:Code>";
  document += parts.code;
  document += "</env:Code><env:Reason><env:Text xml:lang=\"en\">" + parts.reason;
  document += "</env:Text></env:Reason>";
  if (!parts.entry.empty()) document += "<env:Detail>" + parts.entry + "</env:Detail>";
  document += "</env:Fault></env:Body></env:Envelope>";
  return document;
}

std::string value_1_2(std::string_view prefixed) {
  return "<env:Value>" + std::string(prefixed) + "</env:Value>";
}

std::string reason_of(std::string_view code, std::string_view text) {
  std::string reason = xml::escaped_content(code);
  if (!reason.empty() && !text.empty()) reason += ": ";
  return reason + xml::escaped_content(text);
}

}  // namespace

std::string fault_document(SoapVersion version, FaultCode fault_code, std::string_view code,
                           std::string_view text, const std::optional<TypedDetail>& detail) {
  Parts parts{"", "", reason_of(code, text), ""};
  if (detail) parts.entry = detail_entry(*detail, parts.reason);
  if (version == SoapVersion::v1_1) {
    parts.code = "soapenv:" + std::string(name_1_1(fault_code));
    return document_1_1(parts);
  }
  parts.code = value_1_2("env:" + std::string(name_1_2(fault_code)));
  return document_1_2(parts, fault_code == FaultCode::version_mismatch ? kUpgrade : std::string_view());
}

std::string backend_fault_document(SoapVersion version, std::string_view code, std::string_view text,
                                   const std::optional<TypedDetail>& detail, std::string_view namespace_uri) {
  const std::string_view uri = detail ? detail->declared.element.namespace_uri : namespace_uri;
  const std::string prefixed = "sf:" + xml::escaped_content(code);
  Parts parts{" xmlns:sf=\"" + xml::escaped_content(uri) + "\"", prefixed, reason_of(code, text), ""};
  if (detail) parts.entry = detail_entry(*detail, xml::escaped_content(text));
  if (version == SoapVersion::v1_1) return document_1_1(parts);
  parts.code = value_1_2("env:Sender") + "<env:Subcode>" + value_1_2(prefixed) + "</env:Subcode>";
  return document_1_2(parts, {});
}

std::string_view content_type(SoapVersion version) {
  return version == SoapVersion::v1_1 ? "text/xml; charset=utf-8" : "application/soap+xml; charset=utf-8";
}

}  // namespace sfjwt::soap
