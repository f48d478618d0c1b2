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

/// Validates messages with libxml2's parser and XML Schema validator, against the inline schemas of one WSDL.
class Oracle {
 public:
  /// If libxml2 does not accept the schemas, usable() is false and problem() is the reason. Adds to every
  /// inline schema an import of each other one, since libxml2 requires them. Replaces the process-global
  /// entity loader during the call.
  explicit Oracle(const wsdl::WsdlDocument& document);

  bool usable() const { return schema_ != nullptr; }
  const std::string& problem() const { return problem_; }

  /// Validates each header block (without attributes of the SOAP namespace) and the child of Body against the
  /// schemas. The message must have the structure of an envelope.
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
