// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace sfjwt::httpd {

/// What is missing or wrong, one sentence each.
using ConfigErrors = std::vector<std::string>;

/// For sentences that several sections can cause.
inline void add_once(ConfigErrors& errors, std::string error) {
  if (std::find(errors.begin(), errors.end(), error) == errors.end()) errors.push_back(std::move(error));
}

}  // namespace sfjwt::httpd
