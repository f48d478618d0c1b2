// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string_view>

namespace sfjwt::schema {

/// Compare texts of the lexical space of xsd:float or xsd:double by value (XML Schema Part 2 sections 3.2.4
/// and 3.2.5). NaN is neither less than, equal to, nor greater than anything.
std::partial_ordering compare_floats(std::string_view a, std::string_view b);
std::partial_ordering compare_doubles(std::string_view a, std::string_view b);

}  // namespace sfjwt::schema
