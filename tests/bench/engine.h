// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sfjwt::bench {

/// Something that tells valid requests from others by a WSDL, in the way that costs it least.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::string_view name() const = 0;
  virtual bool accepts(std::string_view message) = 0;
};

/// Engines that share one compiled schema. They throw std::runtime_error when they cannot use the WSDL.
using Engines = std::vector<std::unique_ptr<Engine>>;

/// The gateway's, in mode strict.
Engines our_engines(const std::filesystem::path& wsdl);
/// Push parser with the validator plugged into it, and a tree that is validated when it stands. For both a
/// schema of the envelope is made, since that of SOAP lets any child of Body pass.
Engines libxml2_engines(const std::filesystem::path& wsdl);
/// SAX2 reader that is used again and again, with a locked pool of grammars.
Engines xerces_engines(const std::filesystem::path& wsdl);

/// A schema for the envelope around requests: whatever is in it must be declared.
inline constexpr std::string_view kEnvelopeSchema =
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' elementFormDefault='qualified' "
    "targetNamespace='http://schemas.xmlsoap.org/soap/envelope/'><xs:element name='Envelope'><xs:complexType>"
    "<xs:sequence><xs:element name='Header' minOccurs='0'><xs:complexType><xs:sequence><xs:any "
    "namespace='##other' processContents='strict' minOccurs='0' maxOccurs='unbounded'/></xs:sequence>"
    "</xs:complexType></xs:element><xs:element name='Body'><xs:complexType><xs:sequence><xs:any "
    "namespace='##other' processContents='strict'/></xs:sequence></xs:complexType></xs:element>"
    "</xs:sequence></xs:complexType></xs:element></xs:schema>";

}  // namespace sfjwt::bench
