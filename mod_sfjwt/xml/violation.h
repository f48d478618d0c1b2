// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace sfjwt::xml {

/// The rule that a request breaks; the caller maps it to a fault code and a log code.
enum class Rule {
  well_formed,        // XML 1.0 or Namespaces in XML 1.0
  encoding,           // not UTF-8, or declared as another encoding
  forbidden_markup,   // DOCTYPE, processing instruction, entity other than the five predefined ones
  limit,              // above one of Limits
  envelope,           // SOAP structure: Envelope, Header, Body
  version_mismatch,   // an Envelope of a SOAP version (or of none) that the WSDL does not bind
  must_understand,    // an unknown header block with mustUnderstand
  header_block,       // a header block that the operation does not declare
  session_header,     // the session header or its session id is missing, repeated or malformed
  signed_message,     // a signature over the message, which rewriting would break
  unknown_operation,  // the child of Body is not an input element of the WSDL
  invalid,            // not valid against the schema of the WSDL
};

/// A violation as found by a reader; its position is computed only if it is reported.
struct Violation {
  Rule rule = Rule::well_formed;
  std::size_t offset = 0;
  const char* message = "";   // must outlive its use; the name follows it
  std::string_view name;      // from the document; may be empty
  std::string_view expected;  // from the schema: what is allowed there; may be empty
};

}  // namespace sfjwt::xml
