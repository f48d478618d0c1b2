// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/schema/xsd_pattern.h"
#include "mod_sfjwt/xml/namespaces.h"

namespace sfjwt::schema {

/// The built-in simple types of XML Schema Part 2 (1.0), without lists and NOTATION, and without ENTITY,
/// which nothing is where there is no DOCTYPE to declare one. Of ID and IDREF the text is judged and not what
/// they ask of the whole document (XML Schema Part 1 section 3.14.4): that IDs differ, that an IDREF has its
/// ID. An xsi:type may name them, a WSDL may not.
enum class Builtin : std::uint8_t {
  any_simple,
  string,
  normalized_string,
  token,
  language,
  name,
  nc_name,
  id,
  id_ref,
  nm_token,
  any_uri,
  q_name,
  boolean,
  decimal,
  integer,
  non_positive_integer,
  negative_integer,
  non_negative_integer,
  positive_integer,
  long_,
  int_,
  short_,
  byte,
  unsigned_long,
  unsigned_int,
  unsigned_short,
  unsigned_byte,
  float_,
  double_,
  duration,
  date_time,
  time,
  date,
  g_year_month,
  g_year,
  g_month_day,
  g_day,
  g_month,
  hex_binary,
  base64_binary,
};

/// The local name in the XML Schema namespace.
std::string_view name_of(Builtin builtin);
/// The type it is derived from (XML Schema Part 2 section 3); any_simple's is itself.
Builtin base_of(Builtin builtin);

enum class WhiteSpace : std::uint8_t { preserve, replace, collapse };

/// Whether a value is of a type; `unknown` when a pattern could not be matched within the limits.
enum class Fit : std::uint8_t { yes, no, unknown };

/// A simple type ready to judge values: a built-in type and the facets restrictions have put on it.
struct SimpleType {
  Builtin builtin = Builtin::any_simple;
  WhiteSpace white_space = WhiteSpace::preserve;
  bool date_time_for_date = false;  // a relaxation: xsd:date also takes an xsd:dateTime
  std::uint8_t alphanumeric_length =
      0;  // not 0: letters and digits of exactly that length, and nothing else to check
  std::uint8_t other_length = 0;  // a relaxation: with alphanumeric_length, this length is fine too
  bool faceted = false;           // some of the following is set
  std::optional<std::uint64_t> min_length;
  std::optional<std::uint64_t> max_length;
  std::optional<std::uint64_t> total_digits;
  std::optional<std::uint64_t> fraction_digits;
  std::optional<std::string> min_inclusive;
  std::optional<std::string> max_inclusive;
  std::optional<std::string> min_exclusive;
  std::optional<std::string> max_exclusive;
  std::vector<std::string> enumeration;                           // sorted; empty: not restricted
  std::vector<std::pair<xml::NamespaceId, std::string>> q_names;  // the same for QName; not judged by judge()
  std::vector<std::vector<XsdPattern>> patterns;                  // one of each inner list must match

  /// Every text is a value.
  bool unrestricted() const {
    return (builtin <= Builtin::token || builtin == Builtin::any_uri) && !faceted && alphanumeric_length == 0;
  }
  /// Whether the text is in the lexical space and within the facets, white space normalised as the type says.
  /// What a QName means is not judged here, since its prefix means something in a document only. Allocates
  /// only where a facet has to look at normalised text.
  Fit judge(std::string_view text) const;
};

/// How the type normalises white space when nothing says otherwise (XML Schema Part 2 section 4.3.6).
WhiteSpace white_space_of(Builtin builtin);
std::string normalised(std::string_view text, WhiteSpace white_space);

/// Whether length facets, ordering facets, or enumerations can be judged for this built-in type; the compiler
/// refuses a schema that asks for another.
bool has_length(Builtin builtin);
bool is_decimal(Builtin builtin);
bool is_textual(Builtin builtin);

/// Whether a text is in the lexical space of a built-in type, white space already normalised.
bool in_lexical_space(Builtin builtin, std::string_view text);

}  // namespace sfjwt::schema
