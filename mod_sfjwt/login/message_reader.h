// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mod_sfjwt/xml/character_data.h"
#include "mod_sfjwt/xml/limits.h"
#include "mod_sfjwt/xml/namespaces.h"
#include "mod_sfjwt/xml/scanner.h"

namespace sfjwt::login {

/// Reads the one element in the Body of a SOAP message (1.1 or 1.2) and the elements in it. It relies on
/// nothing that was found out before: every step checks what it reads.
class MessageReader {
 public:
  MessageReader(std::string_view document, const xml::Limits& limits)
      : scanner_(document, namespaces_, limits) {}

  enum class Step : std::uint8_t {
    start,  // the start tag of the next child
    end,    // the end tag of the element that contains them
    wrong,  // the document is not well-formed, or has text where only elements may be
  };

  /// Reads Envelope and Header up to the first start tag in Body.
  bool enter_body();
  /// The next child of the element that was entered last.
  Step next();
  /// After the end of that element: nothing else is in Body and in Envelope, and the document is complete.
  bool finish();

  // After a start tag
  std::string_view local_name() const { return scanner_.name().local; }
  std::string_view namespace_uri() const { return scanner_.namespace_uri(); }
  /// Whether it has an xsi:nil that is not false.
  bool nil() const;

  /// The content of an element whose start tag was just read, up to its end tag.
  struct Text {
    xml::Content content;  // of an element that contains no others
    bool has_elements = false;
  };
  /// nullopt if the document is not well-formed.
  std::optional<Text> text();

 private:
  const xml::Namespaces namespaces_;
  xml::Scanner scanner_;
  xml::NamespaceId soap_ = xml::kNoNamespace;
};

}  // namespace sfjwt::login
