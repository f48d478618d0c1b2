// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace sfjwt::xml {

/// What rule a request document breaks; the caller decides on it (fault code, log code).
enum class Rule {
  well_formed,        // XML 1.0 or Namespaces in XML 1.0
  encoding,           // not UTF-8, or says it is not
  forbidden_markup,   // DOCTYPE, processing instruction, entity other than the five
  limit,              // past one of Limits
  envelope,           // SOAP structure: Envelope, Header, Body
  version_mismatch,   // an Envelope of a SOAP version (or of none) that the WSDL does not bind
  must_understand,    // an unknown header block with mustUnderstand
  header_block,       // a header block that the operation does not declare
  session_header,     // the session header or its session id missing, twice, or in the wrong form
  signed_message,     // a signature over the message: the rewriting would break it
  unknown_operation,  // the child of Body is no input element of the WSDL
  no_session,         // an operation that takes no session (login): the gateway has nothing to put anywhere
  invalid,            // not valid against the schema of the WSDL
};

/// A violation as a reader notes it; costs nothing until it is told to somebody.
struct Violation {
  Rule rule = Rule::well_formed;
  std::size_t offset = 0;
  const char* message = "";   // outlives the reader's use of it; the name follows it
  std::string_view name;      // of the document; empty if none
  std::string_view expected;  // of the schema: what could stand there; empty if nothing helps
};

}  // namespace sfjwt::xml
