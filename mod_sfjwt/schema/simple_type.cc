// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/simple_type.h"

#include <algorithm>
#include <array>
#include <compare>
#include <iterator>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/schema/decimal.h"
#include "mod_sfjwt/schema/floating_point.h"
#include "mod_sfjwt/schema/lexical.h"
#include "mod_sfjwt/xml/byte_scan.h"
#include "mod_sfjwt/xml/characters.h"

namespace sfjwt::schema {
namespace {

struct BuiltinRow {
  Builtin builtin;
  Builtin base;
  std::string_view name;
};

using enum Builtin;

constexpr BuiltinRow kBuiltins[] = {
    {any_simple, any_simple, "anySimpleType"},
    {string, any_simple, "string"},
    {normalized_string, string, "normalizedString"},
    {token, normalized_string, "token"},
    {language, token, "language"},
    {name, token, "Name"},
    {nc_name, name, "NCName"},
    {id, nc_name, "ID"},
    {id_ref, nc_name, "IDREF"},
    {nm_token, token, "NMTOKEN"},
    {any_uri, any_simple, "anyURI"},
    {q_name, any_simple, "QName"},
    {boolean, any_simple, "boolean"},
    {decimal, any_simple, "decimal"},
    {integer, decimal, "integer"},
    {non_positive_integer, integer, "nonPositiveInteger"},
    {negative_integer, non_positive_integer, "negativeInteger"},
    {non_negative_integer, integer, "nonNegativeInteger"},
    {positive_integer, non_negative_integer, "positiveInteger"},
    {long_, integer, "long"},
    {int_, long_, "int"},
    {short_, int_, "short"},
    {byte, short_, "byte"},
    {unsigned_long, non_negative_integer, "unsignedLong"},
    {unsigned_int, unsigned_long, "unsignedInt"},
    {unsigned_short, unsigned_int, "unsignedShort"},
    {unsigned_byte, unsigned_short, "unsignedByte"},
    {float_, any_simple, "float"},
    {double_, any_simple, "double"},
    {duration, any_simple, "duration"},
    {date_time, any_simple, "dateTime"},
    {time, any_simple, "time"},
    {date, any_simple, "date"},
    {g_year_month, any_simple, "gYearMonth"},
    {g_year, any_simple, "gYear"},
    {g_month_day, any_simple, "gMonthDay"},
    {g_day, any_simple, "gDay"},
    {g_month, any_simple, "gMonth"},
    {hex_binary, any_simple, "hexBinary"},
    {base64_binary, any_simple, "base64Binary"},
};

static_assert([] {
  for (std::size_t i = 0; i < std::size(kBuiltins); ++i) {
    if (kBuiltins[i].builtin != static_cast<Builtin>(i)) return false;
  }
  return std::size(kBuiltins) == static_cast<std::size_t>(base64_binary) + 1;
}());

std::uint64_t characters_in(std::string_view text) {
  return static_cast<std::uint64_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::uint64_t length_of(Builtin builtin, std::string_view text) {
  if (builtin == hex_binary) return text.size() / 2;
  if (builtin != base64_binary) return characters_in(text);
  const auto padding = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '='));
  const auto blanks = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), ' '));
  return (text.size() - blanks) / 4 * 3 - padding;
}

bool within_length(const SimpleType& type, std::string_view text) {
  if (!type.min_length && !type.max_length) return true;
  const std::uint64_t length = length_of(type.builtin, text);
  return (!type.min_length || length >= *type.min_length) && (!type.max_length || length <= *type.max_length);
}

std::partial_ordering compare(Builtin builtin, std::string_view a, std::string_view b) {
  if (builtin == float_) return compare_floats(a, b);
  if (builtin == double_) return compare_doubles(a, b);
  return compare_decimals(a, b) <=> 0;
}

bool within_range(const SimpleType& type, std::string_view text) {
  const auto order = [&](const std::string& bound) { return compare(type.builtin, text, bound); };
  return (!type.min_inclusive || std::is_gteq(order(*type.min_inclusive))) &&
         (!type.max_inclusive || std::is_lteq(order(*type.max_inclusive))) &&
         (!type.min_exclusive || std::is_gt(order(*type.min_exclusive))) &&
         (!type.max_exclusive || std::is_lt(order(*type.max_exclusive)));
}

bool within_digits(const SimpleType& type, std::string_view text) {
  if (!type.total_digits && !type.fraction_digits) return true;
  const Decimal value(text);
  return (!type.total_digits || value.whole.size() + value.fraction.size() <= *type.total_digits) &&
         (!type.fraction_digits || value.fraction.size() <= *type.fraction_digits);
}

bool enumerated(const SimpleType& type, std::string_view text) {
  if (type.enumeration.empty()) return true;
  if (!is_decimal(type.builtin))
    return std::binary_search(type.enumeration.begin(), type.enumeration.end(), text);
  return std::any_of(type.enumeration.begin(), type.enumeration.end(),
                     [text](const std::string& value) { return compare_decimals(text, value) == 0; });
}

Fit matches_one(const std::vector<XsdPattern>& alternatives, std::string_view text) {
  Fit fit = Fit::no;
  for (const XsdPattern& pattern : alternatives) {
    const XsdPattern::Match match = pattern.match(text);
    if (match == XsdPattern::Match::matched) return Fit::yes;
    if (match == XsdPattern::Match::error) fit = Fit::unknown;
  }
  return fit;
}

Fit matches_patterns(const SimpleType& type, std::string_view text) {
  Fit fit = Fit::yes;
  for (const std::vector<XsdPattern>& step : type.patterns) {
    const Fit of_step = matches_one(step, text);
    if (of_step == Fit::no) return Fit::no;
    if (of_step == Fit::unknown) fit = Fit::unknown;
  }
  return fit;
}

}  // namespace

std::string_view name_of(Builtin builtin) {
  return kBuiltins[static_cast<std::size_t>(builtin)].name;
}

Builtin base_of(Builtin builtin) {
  return kBuiltins[static_cast<std::size_t>(builtin)].base;
}

WhiteSpace white_space_of(Builtin builtin) {
  if (builtin == any_simple || builtin == string) return WhiteSpace::preserve;
  return builtin == normalized_string ? WhiteSpace::replace : WhiteSpace::collapse;
}

// Whether a text needs normalisation, given that its ends are already trimmed if white space is collapsed.
bool has_to_be_normalised(std::string_view text, WhiteSpace white_space) {
  return white_space != WhiteSpace::preserve &&
         std::any_of(text.begin(), text.end(), [](char c) { return xml::is(c, xml::kWhiteSpace); });
}

std::string normalised(std::string_view text, WhiteSpace white_space) {
  std::string result;
  for (const char c : text) {
    const bool blank = xml::is(c, xml::kWhiteSpace);
    if (blank && white_space == WhiteSpace::collapse && (result.empty() || result.back() == ' ')) continue;
    result += blank && white_space != WhiteSpace::preserve ? ' ' : c;
  }
  if (white_space == WhiteSpace::collapse && !result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

bool has_length(Builtin builtin) {
  return (builtin >= string && builtin <= any_uri) || builtin == hex_binary || builtin == base64_binary;
}

bool is_decimal(Builtin builtin) {
  return builtin >= decimal && builtin <= unsigned_byte;
}

bool is_textual(Builtin builtin) {
  return builtin >= string && builtin <= any_uri;
}

bool in_lexical_space(Builtin builtin, std::string_view text) {
  switch (builtin) {
    case any_simple:
    case string:
    case normalized_string:
    case token:
    case any_uri:
      return true;
    case language:
      return is_language(text);
    case name:
      return is_name(text);
    case nc_name:
    case id:
    case id_ref:
      return is_nc_name(text);
    case nm_token:
      return is_nm_token(text);
    case q_name:
      return is_q_name(text);
    case boolean:
      return text == "true" || text == "false" || text == "1" || text == "0";
    case decimal:
      return is_decimal_number(text);
    case integer:
      return is_integer(text);
    case non_positive_integer:
      return is_integer(text) && compare_decimals(text, "0") <= 0;
    case negative_integer:
      return is_integer(text) && compare_decimals(text, "0") < 0;
    case non_negative_integer:
      return is_integer(text) && compare_decimals(text, "0") >= 0;
    case positive_integer:
      return is_integer(text) && compare_decimals(text, "0") > 0;
    case long_:
      return is_integer_between(text, "-9223372036854775808", "9223372036854775807");
    case int_:
      return is_integer_between(text, "-2147483648", "2147483647");
    case short_:
      return is_integer_between(text, "-32768", "32767");
    case byte:
      return is_integer_between(text, "-128", "127");
    case unsigned_long:
      return is_integer_between(text, "0", "18446744073709551615");
    case unsigned_int:
      return is_integer_between(text, "0", "4294967295");
    case unsigned_short:
      return is_integer_between(text, "0", "65535");
    case unsigned_byte:
      return is_integer_between(text, "0", "255");
    case float_:
    case double_:
      return is_floating_point(text);
    case duration:
      return is_duration(text);
    case date_time:
      return is_date_time(text);
    case time:
      return is_time(text);
    case date:
      return is_date(text);
    case g_year_month:
      return is_g_year_month(text);
    case g_year:
      return is_g_year(text);
    case g_month_day:
      return is_g_month_day(text);
    case g_day:
      return is_g_day(text);
    case g_month:
      return is_g_month(text);
    case hex_binary:
      return is_hex_binary(text);
    case base64_binary:
      return is_base64_binary(text);
  }
  return false;
}

Fit SimpleType::judge(std::string_view text) const {
  if (alphanumeric_length != 0) {
    const bool long_enough =
        text.size() == alphanumeric_length || (other_length != 0 && text.size() == other_length);
    return long_enough && xml::alphanumeric(text.data(), text.size()) ? Fit::yes : Fit::no;
  }
  if (white_space == WhiteSpace::collapse) text = trimmed(text);
  if (!in_lexical_space(builtin, text) && !(date_time_for_date && is_date_time(text))) return Fit::no;
  if (!faceted) return Fit::yes;
  std::string changed;
  if (has_to_be_normalised(text, white_space)) text = changed = normalised(text, white_space);
  const bool within = within_length(*this, text) && within_range(*this, text) && within_digits(*this, text) &&
                      enumerated(*this, text);
  return within ? matches_patterns(*this, text) : Fit::no;
}

}  // namespace sfjwt::schema
