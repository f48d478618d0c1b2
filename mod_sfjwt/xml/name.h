// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_sfjwt/xml/namespaces.h"

namespace sfjwt::xml {

/// A name in a message that is being read; the view points into the message.
struct Name {
  NamespaceId namespace_id = kNoNamespace;
  std::string_view local;
  bool operator==(const Name&) const = default;
};

}  // namespace sfjwt::xml
