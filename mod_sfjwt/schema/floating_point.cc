// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/floating_point.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

namespace sfjwt::schema {
namespace {

// Whether a number that is out of range is too large rather than too small.
bool is_large(std::string_view text) {
  const auto e = std::min(text.find_first_of("eE"), text.size());
  std::string_view exponent = text.substr(std::min(e + 1, text.size()));
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  std::int64_t scale = 0;
  const auto read = std::from_chars(exponent.data(), exponent.data() + exponent.size(), scale);
  if (read.ec == std::errc::result_out_of_range) return !exponent.starts_with('-');
  const std::string_view digits = text.substr(0, e);
  const auto point = static_cast<std::int64_t>(std::min(digits.find('.'), digits.size()));
  return point - static_cast<std::int64_t>(digits.find_first_of("123456789")) + scale > 0;
}

template <class Number>
Number value_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc::result_out_of_range || !is_large(text)) return value;
  const Number infinity = std::numeric_limits<Number>::infinity();
  return text.starts_with('-') ? -infinity : infinity;
}

}  // namespace

std::partial_ordering compare_floats(std::string_view a, std::string_view b) {
  return value_of<float>(a) <=> value_of<float>(b);
}

std::partial_ordering compare_doubles(std::string_view a, std::string_view b) {
  return value_of<double>(a) <=> value_of<double>(b);
}

}  // namespace sfjwt::schema
