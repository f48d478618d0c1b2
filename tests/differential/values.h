// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace sfjwt::soap {

/// Values on both sides of the borders of the lexical spaces of XML Schema Part 2, as they stand between
/// tags.
std::span<const std::string_view> edge_values();

/// A few values that are valid for a built-in type, by its local name.
std::span<const std::string_view> valid_values(std::string_view builtin);

}  // namespace sfjwt::soap
