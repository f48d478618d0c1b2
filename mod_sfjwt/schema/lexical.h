// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sfjwt::schema {

// The lexical spaces of XML Schema Part 2 (1.0, second edition), one function each. White space in the text
// must be normalised and trimmed; base64Binary may still contain white space between its characters.

bool is_decimal_number(std::string_view text);
bool is_integer(std::string_view text);
/// Whether it is an integer within the bounds, which are written without leading zeros.
bool is_integer_between(std::string_view text, std::string_view least, std::string_view most);
bool is_floating_point(std::string_view text);
bool is_duration(std::string_view text);
bool is_date_time(std::string_view text);
bool is_time(std::string_view text);
bool is_date(std::string_view text);
bool is_g_year_month(std::string_view text);
bool is_g_year(std::string_view text);
bool is_g_month_day(std::string_view text);
bool is_g_day(std::string_view text);
bool is_g_month(std::string_view text);
bool is_hex_binary(std::string_view text);
bool is_base64_binary(std::string_view text);
bool is_language(std::string_view text);
bool is_name(std::string_view text);
bool is_nc_name(std::string_view text);
bool is_nm_token(std::string_view text);
bool is_q_name(std::string_view text);

}  // namespace sfjwt::schema
