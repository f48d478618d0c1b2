// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libxml/xmlschemas.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/wsdl/service_reader.h"

namespace sfjwt::soap {

/// What libxml2 says of a document, or of the parts of a message.
struct Opinion {
  bool well_formed = false;
  bool valid = false;
  int code = 0;             // xmlParserErrors, of the first error
  std::string message;      // of the first error
  std::size_t element = 0;  // the element of the first error, counted in document order from 0
};

/// A second judge of messages: libxml2's parser and its XML Schema validator over the inline schemas of one
/// WSDL.
class Oracle {
 public:
  /// Not usable() with the reason in problem() when libxml2 does not accept the schemas. Every inline schema
  /// is given an import of each other one, for libxml2 insists on them. Swaps the process-global entity
  /// loader for the time of the call.
  explicit Oracle(const wsdl::WsdlDocument& document);

  bool usable() const { return schema_ != nullptr; }
  const std::string& problem() const { return problem_; }

  /// Holds each header block (attributes of the SOAP namespace taken off) and the child of Body to the
  /// schemas. For a message that has the structure of an envelope.
  Opinion judge(std::string_view body) const;

 private:
  std::shared_ptr<xmlSchema> schema_;
  Owned<xmlSchemaValidCtxt, xmlSchemaFreeValidCtxt> context_;
  std::string problem_;
};

/// Whether libxml2 reads the document without an error of XML 1.0 or of Namespaces in XML. Its opinions on
/// the syntax of namespace names (XML_WAR_NS_URI and the like) are no such errors.
Opinion parse_opinion(std::string_view document);

}  // namespace sfjwt::soap
