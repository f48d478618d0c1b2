// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace sfjwt::httpd {

/// What is missing or wrong, one sentence each.
using ConfigErrors = std::vector<std::string>;

/// Several sections can give rise to the same sentence.
inline void add_once(ConfigErrors& complaints, std::string complaint) {
  if (std::find(complaints.begin(), complaints.end(), complaint) == complaints.end())
    complaints.push_back(std::move(complaint));
}

}  // namespace sfjwt::httpd
