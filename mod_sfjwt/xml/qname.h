// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>

namespace sfjwt::xml {

/// An expanded name (Namespaces in XML 1.0, section 2.1).
struct QName {
  std::string namespace_uri;
  std::string local_name;
  auto operator<=>(const QName&) const = default;
};

}  // namespace sfjwt::xml
