// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sfjwt::schema {

/// A text in the lexical space of xsd:decimal, split into its parts (XML Schema Part 2 section 3.2.3). The
/// views point into it.
struct Decimal {
  bool negative = false;      // false for zero
  std::string_view whole;     // without leading zeros
  std::string_view fraction;  // without trailing zeros

  explicit Decimal(std::string_view text);
};

/// Compares two valid decimals by value: less than, equal to, or greater than 0.
int compare_decimals(std::string_view a, std::string_view b);

}  // namespace sfjwt::schema
