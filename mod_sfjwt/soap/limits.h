// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace sfjwt::soap {

/// What a document may cost before it is refused; the defaults are far above what Salesforce clients send.
struct Limits {
  static constexpr std::size_t kMostDepth = 256;
  static constexpr std::size_t kMostAttributes = 128;
  static constexpr std::size_t kMostBindings = 128;
  static constexpr std::size_t kMostNameBytes = std::size_t{32} * 1024;

  std::size_t depth = 256;                               // elements open at once; at most kMostDepth
  std::size_t attributes = 64;                           // of one element, namespace declarations not counted
  std::size_t namespace_declarations = 64;               // of one element; in scope at once: kMostBindings
  std::size_t name_bytes = 1024;                         // of one qualified name
  std::size_t start_tag_bytes = std::size_t{64} * 1024;  // of one start tag
};

}  // namespace sfjwt::soap
