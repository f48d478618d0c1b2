// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sfjwt::gateway {

/// Texts of `bytes` bytes, built from the literals of a regular expression, on which it backtracks far if it
/// can divide a run of characters in many ways: each repeats one to a few characters behind what the
/// expression may want first, and ends so that it nearly matches. The answer is the same for the same
/// expression.
std::vector<std::string> backtracking_texts(std::string_view expression, std::size_t bytes);

}  // namespace sfjwt::gateway
