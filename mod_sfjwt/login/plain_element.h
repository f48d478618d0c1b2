// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/xml/qname.h"

namespace sfjwt::login {

// Messages written with default namespaces: only the elements of the envelope have a prefix, soapenv.

/// The declaration and the start tag of an Envelope, with the prefix xsi.
inline std::string envelope_start(soap::SoapVersion version) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soapenv:Envelope xmlns:soapenv=\"" +
         std::string(soap::namespace_uri(version)) +
         "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">";
}

/// The end of Body and Envelope.
inline constexpr std::string_view kEnvelopeEnd = "</soapenv:Body></soapenv:Envelope>";

/// A start tag without its end, to add an attribute; `outside` is the default namespace around it.
inline void append_open_tag(std::string& document, const xml::QName& name, std::string_view outside) {
  document.append("<").append(name.local_name);
  if (name.namespace_uri != outside)
    document.append(" xmlns=\"").append(xml_escaped(name.namespace_uri)).append("\"");
}

inline void append_start_tag(std::string& document, const xml::QName& name, std::string_view outside) {
  append_open_tag(document, name, outside);
  document += '>';
}

inline void append_end_tag(std::string& document, const xml::QName& name) {
  document.append("</").append(name.local_name).append(">");
}

}  // namespace sfjwt::login
