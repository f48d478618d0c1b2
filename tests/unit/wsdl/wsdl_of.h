// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/soap/catalog.h"
#include "mod_sfjwt/soap/envelope.h"
#include "mod_sfjwt/wsdl/catalog_loader.h"

namespace sfjwt::wsdl {

/// A WSDL with one operation, the element {urn:t}ask, around the components of a schema; prefixes t and x for
/// it and for XML Schema. The components begin in line 3. Below, a second schema of the namespace urn:o,
/// prefix o.
inline std::string wsdl_of(const std::string& components, const std::string& others = "") {
  return "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' "
         "xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/' "
         "xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' xmlns:o='urn:o' "
         "targetNamespace='urn:t'><w:types>\n"
         "<x:schema targetNamespace='urn:t' elementFormDefault='qualified'>\n" +
         components + "</x:schema><x:schema targetNamespace='urn:o' elementFormDefault='qualified'>" +
         others +
         "</x:schema></w:types><w:message name='m'><w:part name='p' element='t:ask'/></w:message>"
         "<w:portType name='p'><w:operation name='ask'><w:input message='t:m'/></w:operation></w:portType>"
         "<w:binding name='b' type='t:p'><s:binding transport='http://schemas.xmlsoap.org/soap/http'/>"
         "<w:operation name='ask'><w:input><s:body "
         "use='literal'/></w:input></w:operation></w:binding></w:definitions>";
}

inline Result<std::shared_ptr<const soap::Catalog>, soap::WsdlError> catalog_of(
    const std::string& wsdl, const schema::Validation& validation,
    const soap::BackendNames& names = gateway::kSalesforce.names) {
  std::string pattern = (std::filesystem::temp_directory_path() / "wsdl_of.XXXXXX").string();
  const int descriptor = ::mkstemp(pattern.data());
  if (descriptor < 0) throw std::runtime_error("mkstemp");
  ::close(descriptor);
  std::ofstream(pattern, std::ios::binary) << wsdl;
  auto catalog = load_catalog({pattern}, validation, names);
  std::filesystem::remove(pattern);
  return catalog;
}

/// The children of {urn:t}ask as a request; prefixes t, o, xsi and x are declared.
inline std::string ask(const std::string& children, const std::string& attributes = "") {
  return "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:t='urn:t' xmlns:o='urn:o' "
         "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
         "xmlns:x='http://www.w3.org/2001/XMLSchema'><e:Body><t:ask" +
         attributes + ">" + children + "</t:ask></e:Body></e:Envelope>";
}

/// "valid", or path and message of the first violation; the same for a message made large by a comment behind
/// all that matters, since a large one is read in another way.
inline std::string verdict(const std::string& request, const soap::Catalog& catalog) {
  const auto said = [&catalog](const std::string& message) {
    const auto envelope = soap::read_envelope(message, catalog, {});
    return envelope ? "valid" : envelope.error().path + ": " + envelope.error().message;
  };
  std::string large = request;
  large.insert(large.rfind("</"), "<!--" + std::string(5'000, ' ') + "-->");
  const std::string small = said(request);
  return said(large) == small ? small : small + "; but when large " + said(large);
}

}  // namespace sfjwt::wsdl
