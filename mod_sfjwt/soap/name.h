// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_sfjwt/soap/namespaces.h"

namespace sfjwt::soap {

/// A name as a reader meets it in a message; the view points into the message.
struct Name {
  NamespaceId namespace_id = kNoNamespace;
  std::string_view local;
  bool operator==(const Name&) const = default;
};

}  // namespace sfjwt::soap
