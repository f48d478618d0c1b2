// SPDX-License-Identifier: Apache-2.0
#include "known_faults.h"

#include <libxml/xmlerror.h>

#include <algorithm>
#include <array>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/schema/lexical.h"
#include "mod_sfjwt/xml/characters.h"
#include "mod_sfjwt/xml/scanner.h"
#include "mutant.h"

namespace sfjwt::soap {
namespace {

using Mended = std::optional<std::string>;

// A message about which the two validators disagree, and their results.
struct Difference {
  std::string_view message;
  const DocumentError* ours;  // null: valid
  const Opinion& theirs;

  bool only_libxml2_refuses() const { return !ours && !theirs.valid; }
  bool only_we_refuse() const { return ours && theirs.valid; }
};

std::string_view raw_content(std::string_view message, const WrittenElement& element) {
  return message.substr(element.content, element.content_end - element.content);
}

std::string value_of(std::string_view raw) {
  return xml::character_data({raw, xml::Content::kReference | xml::Content::kCdata | xml::Content::kComment |
                                       xml::Content::kCarriageReturn});
}

std::string with_content(std::string_view message, const WrittenElement& element, std::string_view content) {
  std::string mended(message);
  return mended.replace(element.content, element.content_end - element.content, content);
}

// The element libxml2 complains of.
std::optional<WrittenElement> refused_by_libxml2(const Difference& difference) {
  const auto elements = written_elements(difference.message);
  if (difference.theirs.element >= elements.size()) return std::nullopt;
  return elements[difference.theirs.element];
}

// The element whose value our validator refuses: the violation is at its end tag.
std::optional<WrittenElement> refused_by_us(const Difference& difference) {
  for (const WrittenElement& element : written_elements(difference.message)) {
    if (element.leaf &&
        (element.content_end == difference.ours->offset || element.begin == difference.ours->offset))
      return element;
  }
  return std::nullopt;
}

bool says(const Opinion& opinion, std::string_view text) {
  return opinion.message.find(text) != std::string::npos;
}

// Part 2 section 4.3.6: whiteSpace is collapse for all but string types, so blanks at the ends do not count.
// libxml2 does not collapse it for integers, dates, times and similar types.
Mended blanks_at_the_ends(const Difference& difference) {
  if (!difference.only_libxml2_refuses() || difference.theirs.code != XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1)
    return {};
  const auto element = refused_by_libxml2(difference);
  if (!element || !element->leaf || says(difference.theirs, "xs:string'")) return {};
  const std::string value = value_of(raw_content(difference.message, *element));
  const std::string_view core = trimmed(value);
  if (core.size() == value.size()) return {};
  return with_content(difference.message, *element, xml_escaped(core));
}

// Part 2 sections 3.2.4.1 and 3.2.5.1: the exponent is an integer, so it has a digit at least. libxml2 takes
// "1e".
Mended exponent_without_digits(const Difference& difference) {
  if (!difference.only_we_refuse()) return {};
  const auto element = refused_by_us(difference);
  if (!element) return {};
  const std::string value = value_of(raw_content(difference.message, *element));
  const std::string_view number = trimmed(value);
  const auto exponent = std::min(number.find_first_of("eE"), number.size());
  const std::string_view behind = number.substr(exponent);
  if (!schema::is_decimal_number(number.substr(0, exponent)) || behind.empty() ||
      behind.find_first_of("0123456789") != behind.npos)
    return {};
  return with_content(difference.message, *element, "1");
}

// Part 1 section 3.4.4, clause 2.3: in element-only content characters may be white space "by their character
// code"; the infoset does not know of CDATA sections. libxml2 takes any of them for text.
Mended white_space_in_cdata(const Difference& difference) {
  if (!difference.only_libxml2_refuses() || difference.theirs.code != XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3)
    return {};
  const auto element = refused_by_libxml2(difference);
  if (!element) return {};
  const std::string_view raw = raw_content(difference.message, *element);
  for (auto begin = raw.find("<![CDATA["); begin != raw.npos; begin = raw.find("<![CDATA[", begin + 1)) {
    const auto end = raw.find("]]>", begin);
    const std::string_view inside = raw.substr(begin + 9, end - begin - 9);
    if (!trimmed(inside).empty()) continue;
    return with_content(difference.message, *element,
                        std::string(raw).replace(begin, end + 3 - begin, inside));
  }
  return {};
}

// Part 1 section 3.4.4, clause 2.1: empty content has no characters, and an empty CDATA section has none.
Mended empty_cdata(const Difference& difference) {
  constexpr std::string_view kEmpty = "<![CDATA[]]>";
  if (!difference.only_libxml2_refuses() || difference.theirs.code != XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1)
    return {};
  const auto element = refused_by_libxml2(difference);
  const auto place =
      element ? raw_content(difference.message, *element).find(kEmpty) : std::string_view::npos;
  if (place == std::string_view::npos) return {};
  return std::string(difference.message).erase(element->content + place, kEmpty.size());
}

// Part 2 section 3.2.17: rules for URI references "are not part of type validity and are not checked by
// minimally conforming processors".
Mended uri_syntax(const Difference& difference) {
  if (!difference.only_libxml2_refuses() ||
      !says(difference.theirs, "is not a valid value of the atomic type 'xs:anyURI'"))
    return {};
  const auto element = refused_by_libxml2(difference);
  if (!element || !element->leaf) return {};
  return with_content(difference.message, *element, "urn:x:y");
}

// Part 2 sections 3.3.4 to 3.3.7 take names from XML 1.0, whose fifth edition lets in most characters beyond
// ASCII, in names of elements too; libxml2 follows it in markup and an earlier one in values.
Mended names_of_the_fifth_edition(const Difference& difference) {
  if (!difference.only_libxml2_refuses() || difference.theirs.code != XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1)
    return {};
  const auto element = refused_by_libxml2(difference);
  const auto is_name_type = [&](std::string_view type) { return says(difference.theirs, type); };
  constexpr std::array<std::string_view, 6> kNameTypes = {"'xs:Name'",  "'xs:NCName'", "'xs:NMTOKEN'",
                                                          "'xs:QName'", "'xs:ID'",     "'xs:IDREF'"};
  if (!element || !element->leaf || std::none_of(kNameTypes.begin(), kNameTypes.end(), is_name_type))
    return {};
  const std::string value = value_of(raw_content(difference.message, *element));
  if (std::all_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return {};
  return with_content(difference.message, *element, "name");
}

// The same of attributes: section 4.3.6 again, and of xsi:type, a QName (Part 1 section 2.6.1).
Mended blanks_in_an_attribute(const Difference& difference) {
  const std::string_view said = difference.theirs.message;
  const auto named = said.find("attribute '");
  if (!difference.only_libxml2_refuses() || difference.theirs.code != XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1 ||
      named == said.npos)
    return {};
  const std::string_view quoted = said.substr(named + 11, said.find('\'', named + 11) - named - 11);
  const std::string_view local = quoted.substr(quoted.find('}') + 1);  // npos + 1 is 0
  const auto element = refused_by_libxml2(difference);
  if (!element || says(difference.theirs, "xs:string'")) return {};
  for (const auto& [begin, end] : element->attributes) {
    const std::string_view written = difference.message.substr(begin, end - begin);
    const auto value = written.find_first_of("'\"") + 1;
    const std::string_view raw = written.substr(value, written.size() - value - 1);
    const std::string text = xml::attribute_text(raw);
    const std::string_view core = trimmed(text);
    const std::string_view name = trimmed(written.substr(0, written.find('=')));
    if (name.substr(name.find(':') + 1) != local || core.size() == text.size()) continue;
    return std::string(difference.message).replace(begin + value, raw.size(), core);
  }
  return {};
}

// The value libxml2 or we refuse, if its type is one of those named.
struct Refused {
  WrittenElement element;
  std::string value;  // blanks at its ends taken off
};
std::optional<Refused> refused_value(const Difference& difference,
                                     std::initializer_list<std::string_view> types) {
  const auto element = difference.ours ? refused_by_us(difference) : refused_by_libxml2(difference);
  const std::string_view said = difference.ours ? difference.ours->message : difference.theirs.message;
  const auto named = [said](std::string_view type) { return said.find(type) != said.npos; };
  if (!element || !element->leaf || (types.size() != 0 && std::none_of(types.begin(), types.end(), named)))
    return {};
  return Refused{*element, std::string(trimmed(value_of(raw_content(difference.message, *element))))};
}

// Part 2 section 3.2.16: the lexical space has the base64 alphabet and white space only. libxml2 passes over
// all other characters, as RFC 2045 lets mail programs do.
Mended foreign_characters_in_base64(const Difference& difference) {
  const auto refused = difference.only_we_refuse()
                           ? refused_value(difference, {"expected base64Binary", "expected Blob"})
                           : std::nullopt;
  if (!refused) return {};
  const bool foreign = std::any_of(refused->value.begin(), refused->value.end(), [](char c) {
    return !xml::is(c, xml::kWhiteSpace) && c != '=' && !schema::is_base64_binary(std::string(3, 'A') + c);
  });
  if (!foreign) return {};
  return with_content(difference.message, refused->element, "QUJD");
}

// Part 2 section 3.2.6.1: digits on both sides of the point of the seconds.
Mended seconds_without_digits(const Difference& difference) {
  const auto refused =
      difference.only_we_refuse() ? refused_value(difference, {"expected duration"}) : std::nullopt;
  if (!refused ||
      (refused->value.find(".S") == std::string::npos && refused->value.find("T.") == std::string::npos))
    return {};
  return with_content(difference.message, refused->element, "PT1S");
}

// Part 2 section 3.2.3.1: a decimal has digits. libxml2 accepts a sign without digits if a blank follows.
Mended sign_alone(const Difference& difference) {
  const auto refused =
      difference.only_we_refuse() ? refused_value(difference, {"expected decimal"}) : std::nullopt;
  if (!refused || (refused->value != "+" && refused->value != "-")) return {};
  return with_content(difference.message, refused->element, "1");
}

// Part 2 section 3.2.3: 18 digits are the least a processor must know, and libxml2 stops at 24. Ours knows
// any number.
Mended long_decimal(const Difference& difference) {
  constexpr std::size_t kMaxDigits = 24;
  const auto refused = difference.only_libxml2_refuses() ? refused_value(difference, {}) : std::nullopt;
  const auto digits = refused ? std::count_if(refused->value.begin(), refused->value.end(),
                                              [](char c) { return c >= '0' && c <= '9'; })
                              : 0;
  if (!refused || !schema::is_decimal_number(refused->value) ||
      static_cast<std::size_t>(digits) <= kMaxDigits)
    return {};
  return with_content(difference.message, refused->element, refused->value[0] == '-' ? "-1" : "1");
}

// Part 2 section 3.2.7: years of more than four digits; libxml2 stops where its integers do.
Mended far_year(const Difference& difference) {
  const auto refused =
      difference.only_libxml2_refuses()
          ? refused_value(difference, {"'xs:dateTime'", "'xs:date'", "'xs:gYear'", "'xs:gYearMonth'"})
          : std::nullopt;
  const std::size_t sign = refused && refused->value[0] == '-' ? 1 : 0;
  if (!refused ||
      std::min(refused->value.find_first_not_of("0123456789", sign), refused->value.size()) < 19 + sign)
    return {};
  return with_content(
      difference.message, refused->element,
      "2000" + refused->value.substr(
                   std::min(refused->value.find_first_not_of("0123456789", sign), refused->value.size())));
}

// Part 2 section 3.3.21: unsignedLong sets maxInclusive of nonNegativeInteger and nothing else, so a sign may
// stand where it may there. libxml2 follows the prose of section 3.3.21.1, which forgets it.
Mended sign_of_unsigned(const Difference& difference) {
  const auto refused =
      difference.only_libxml2_refuses() ? refused_value(difference, {"'xs:unsigned"}) : std::nullopt;
  if (!refused || refused->value.empty() || (refused->value[0] != '+' && refused->value[0] != '-')) return {};
  return with_content(difference.message, refused->element, refused->value.substr(1));
}

constexpr std::array kFaults = {sign_alone,
                                foreign_characters_in_base64,
                                seconds_without_digits,
                                long_decimal,
                                far_year,
                                sign_of_unsigned,
                                blanks_at_the_ends,
                                exponent_without_digits,
                                white_space_in_cdata,
                                empty_cdata,
                                blanks_in_an_attribute,
                                uri_syntax,
                                names_of_the_fifth_edition};

}  // namespace

std::optional<std::string> mended_fault(std::string_view message, const DocumentError* ours,
                                        const Opinion& theirs) {
  for (const auto fault : kFaults) {
    if (auto mended = fault({message, ours, theirs})) return mended;
  }
  return std::nullopt;
}

}  // namespace sfjwt::soap
