// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sfjwt::bench {

/// A validator of requests against a WSDL, used in its fastest way.
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
/// A push parser with the validator plugged in, and a tree that is validated when it is complete. Both use a
/// generated schema of the envelope, since that of SOAP allows any child of Body.
Engines libxml2_engines(const std::filesystem::path& wsdl);
/// A reused SAX2 reader with a locked grammar pool.
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
