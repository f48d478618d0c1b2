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
/// which has no values in a document without DOCTYPE. For ID and IDREF only the text is validated, not the
/// constraints on the whole document (XML Schema Part 1 section 3.14.4): that IDs are unique and that an
/// IDREF refers to an ID. An xsi:type can name these two types, a WSDL cannot.
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
/// The type it is derived from (XML Schema Part 2 section 3); any_simple is its own base.
Builtin base_of(Builtin builtin);

enum class WhiteSpace : std::uint8_t { preserve, replace, collapse };

/// Whether a value is valid for a type; `unknown` if a pattern could not be matched within the limits.
enum class Fit : std::uint8_t { yes, no, unknown };

/// A simple type that can validate values: a built-in type and the facets of its restrictions.
struct SimpleType {
  Builtin builtin = Builtin::any_simple;
  WhiteSpace white_space = WhiteSpace::preserve;
  bool date_time_for_date = false;  // a relaxation: an xsd:dateTime is also valid for xsd:date
  // If not 0, the only check: exactly this many letters and digits.
  std::uint8_t alphanumeric_length = 0;
  std::uint8_t other_length = 0;  // a relaxation: an alternative to alphanumeric_length
  bool faceted = false;           // at least one of the following is set
  std::optional<std::uint64_t> min_length;
  std::optional<std::uint64_t> max_length;
  std::optional<std::uint64_t> total_digits;
  std::optional<std::uint64_t> fraction_digits;
  std::optional<std::string> min_inclusive;
  std::optional<std::string> max_inclusive;
  std::optional<std::string> min_exclusive;
  std::optional<std::string> max_exclusive;
  std::vector<std::string> enumeration;                           // sorted; empty: not restricted
  std::vector<std::pair<xml::NamespaceId, std::string>> q_names;  // the same for QName; not used by judge()
  std::vector<std::vector<XsdPattern>> patterns;  // in each inner list at least one must match

  /// Whether every text is a valid value.
  bool unrestricted() const {
    return (builtin <= Builtin::token || builtin == Builtin::any_uri) && !faceted && alphanumeric_length == 0;
  }
  /// Whether the text is in the lexical space and satisfies the facets, after white space normalisation. The
  /// value of a QName is not checked here, since its prefix has a meaning only in a document. Allocates only
  /// if a facet needs the normalised text.
  Fit judge(std::string_view text) const;
};

/// How the type normalises white space by default (XML Schema Part 2 section 4.3.6).
WhiteSpace white_space_of(Builtin builtin);
std::string normalised(std::string_view text, WhiteSpace white_space);

/// Whether length facets, ordering facets, or enumerations are supported for this built-in type; the compiler
/// refuses a schema that uses another one.
bool has_length(Builtin builtin);
bool is_decimal(Builtin builtin);
bool is_textual(Builtin builtin);

/// Whether a text is in the lexical space of a built-in type. White space must be normalised.
bool in_lexical_space(Builtin builtin, std::string_view text);

}  // namespace sfjwt::schema
