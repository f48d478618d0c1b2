// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <string_view>

namespace sfjwt::xml {

/// The limits on a document, in one place. The defaults are far above what clients send.
struct Limits {
  static constexpr std::size_t kMaxDepth = 256;
  static constexpr std::size_t kMaxAttributes = 128;
  static constexpr std::size_t kMaxBindings = 128;
  static constexpr std::size_t kMaxNameBytes = std::size_t{32} * 1024;

  std::size_t depth = 256;                               // elements open at once; at most kMaxDepth
  std::size_t attributes = 64;                           // of one element, without namespace declarations
  std::size_t namespace_declarations = 64;               // of one element; in scope at once: kMaxBindings
  std::size_t name_bytes = 1024;                         // of one qualified name
  std::size_t start_tag_bytes = std::size_t{64} * 1024;  // of one start tag

  bool allow_depth(std::size_t elements_open) const { return elements_open <= depth; }
  bool allow_attributes(std::size_t count) const { return count <= attributes; }
  bool allow_declarations(std::size_t count) const { return count <= namespace_declarations; }
  bool allow_name(std::size_t bytes) const { return bytes <= name_bytes; }
  bool allow_start_tag(std::size_t bytes) const { return bytes <= start_tag_bytes; }

  /// These limits, cut to the available capacity.
  Limits within_room() const {
    return {std::min(depth, kMaxDepth), std::min(attributes, kMaxAttributes),
            std::min(namespace_declarations, kMaxBindings), std::min(name_bytes, kMaxNameBytes),
            start_tag_bytes};
  }

  auto operator<=>(const Limits&) const = default;
};

struct NamedLimit {
  std::string_view name;  // as in SFJwtXmlLimits name=number
  std::size_t Limits::*member;
  std::size_t most;  // the available capacity
};

inline constexpr std::array<NamedLimit, 5> kLimits = {{
    {"depth", &Limits::depth, Limits::kMaxDepth},
    {"attributes", &Limits::attributes, Limits::kMaxAttributes},
    {"namespaces", &Limits::namespace_declarations, Limits::kMaxBindings},
    {"name-bytes", &Limits::name_bytes, Limits::kMaxNameBytes},
    {"tag-bytes", &Limits::start_tag_bytes, std::size_t{1} << 30},
}};

}  // namespace sfjwt::xml
