// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sfjwt::xml {

inline std::string repeated(const std::string& unit, std::size_t times) {
  std::string text;
  text.reserve(unit.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += unit;
  return text;
}

inline std::string many_attributes(std::size_t count, const std::string& name = "a", std::size_t first = 0) {
  std::string text = "<x";
  for (std::size_t i = first; i < first + count; ++i) text += " " + name + std::to_string(i) + "=''";
  return text + "/>";
}

inline std::string many_declarations(std::size_t count, std::size_t first = 0) {
  std::string text = "<x";
  for (std::size_t i = first; i < first + count; ++i)
    text += " xmlns:p" + std::to_string(i) + "='urn:" + std::to_string(i) + "'";
  return text + "/>";
}

/// An element x that might cost more than its bytes are worth.
struct HostileDocument {
  const char* what;
  std::string element;
};

/// Elements of about so many bytes, each of one kind; what makes readers of XML slow, and what is past our
/// limits.
inline std::vector<HostileDocument> hostile_documents(std::size_t bytes) {
  const auto filled = [bytes](const std::string& unit) {
    return "<x>" + repeated(unit, bytes / unit.size()) + "</x>";
  };
  // A reader that knows a tag again by its bytes must not count on it.
  std::string attributes;
  for (std::size_t i = 0; attributes.size() < bytes; i += 64) attributes += many_attributes(64, "a", i);
  std::string declarations;
  for (std::size_t i = 0; declarations.size() < bytes; i += 64) declarations += many_declarations(64, i);
  std::string names;
  for (int i = 0; names.size() < bytes; ++i) names += "<n" + std::to_string(i) + "/>";
  const std::string prefixes = [bytes] {
    std::string head = "<x";
    for (int i = 0; i < 60; ++i) head += " xmlns:p" + std::to_string(i) + "='urn:u" + std::to_string(i) + "'";
    return head + ">" + repeated("<p0:a/><p59:a/>", bytes / 15) + "</x>";
  }();
  // As many prefixes in scope as there may be, each used in turn.
  const std::string all_prefixes = [bytes] {
    std::string element;
    std::string uses;
    for (int i = 0; i < 120; ++i) {
      if (i % 60 == 0) element += "<x";
      element += " xmlns:p" + std::to_string(i) + "='urn:u" + std::to_string(i) + "'";
      if (i % 60 == 59) element += ">";
      uses += "<p" + std::to_string(i) + ":a/>";
    }
    return element + repeated(uses, bytes / uses.size()) + "</x></x>";
  }();
  return {
      {"attributes of one element", many_attributes(bytes / 11)},
      {"attributes within the limit", filled(many_attributes(64))},
      {"attributes, other ones in each tag", "<x>" + attributes + "</x>"},
      {"attributes with long common names",
       filled(many_attributes(64, "attribute_with_a_long_common_beginning_"))},
      {"namespace declarations of one element", many_declarations(bytes / 23)},
      {"namespace declarations within the limit", filled(many_declarations(64))},
      {"namespace declarations, other ones in each tag", "<x>" + declarations + "</x>"},
      {"prefixes", prefixes},
      {"all prefixes", all_prefixes},
      {"one long name", "<" + std::string(bytes, 'n') + "/>"},
      {"distinct names", "<x>" + names + "</x>"},
      {"nesting", repeated("<x>", bytes / 3)},
      {"nesting within the limit", filled(repeated("<x>", 240) + repeated("</x>", 240))},
      {"empty elements", filled("<x/>")},
      {"&amp;", filled("&amp;")},
      {"character references", filled("&#9;")},
      {"comments", filled("<!---->")},
      {"one comment", "<x><!--" + std::string(bytes, ' ') + "--></x>"},
      {"minus signs in a comment", "<x><!--" + repeated("- ", bytes / 2) + "--></x>"},
      {"CDATA sections", filled("<![CDATA[]]>")},
      {"brackets in CDATA", "<x><![CDATA[" + std::string(bytes, ']') + "]]></x>"},
      {"brackets", filled("]")},
      {"carriage returns", filled("\r")},
      {"white space", filled(" ")},
      {"text", filled("text ")},
      {"Japanese", filled("\xE6\x97\xA5\xE6\x9C\xAC")},
      {"one attribute value", "<x k='" + std::string(bytes, 'v') + "'/>"},
      {"white space in a tag", "<x" + std::string(bytes, ' ') + "/>"},
      {"greater signs", filled(">")},
  };
}

/// A request of the partner API with a record around these fields. Names without prefix are in the namespace
/// of records, whose elements the schema lets stand there.
inline std::string request_with(const std::string& fields) {
  return "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
         "xmlns:p='urn:partner.soap.sforce.com' "
         "xmlns='urn:sobject.partner.soap.sforce.com' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
         "<e:Header><p:SessionHeader><p:sessionId>jane@corp.example</p:sessionId></p:SessionHeader></"
         "e:Header>"
         "<e:Body><p:create><p:sObjects><type>Account</type><Id xsi:nil='true'/>" +
         fields + "</p:sObjects></p:create></e:Body></e:Envelope>";
}

}  // namespace sfjwt::xml
