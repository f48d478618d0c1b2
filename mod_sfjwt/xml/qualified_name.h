// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mod_sfjwt/xml/byte_scan.h"
#include "mod_sfjwt/xml/characters.h"
#include "mod_sfjwt/xml/cursor.h"
#include "mod_sfjwt/xml/limits.h"

namespace sfjwt::xml {

/// A name as written in a document: NCName (':' NCName)? (Namespaces in XML section 4).
struct QualifiedName {
  std::string_view text;
  std::uint16_t prefix_bytes = 0;  // without the colon; 0 for an unprefixed name
};
static_assert(Limits::kMaxNameBytes <= UINT16_MAX);

/// The end of the NCName at `p`; `p` itself if there is none.
const char* nc_name_end(const char* p, const char* end);

/// The slow path of read_qualified_name(), for names that are not pure ASCII or are malformed.
std::optional<QualifiedName> read_unusual_name(Cursor& cursor, const Limits& limits);

/// Reads the name at the cursor. nullopt if there is none or it is longer than the limit.
inline std::optional<QualifiedName> read_qualified_name(Cursor& cursor, const Limits& limits) {
  const char* const document = cursor.document;
  const std::size_t begin = cursor.at;
  const std::size_t size = cursor.size;
  const NameRun run = name_run(document, begin, size);
  const auto starts = [=](std::size_t i) { return i < size && is(document[i], kNameStart); };
  const bool ascii = run.end == size || static_cast<signed char>(document[run.end]) >= 0;
  if (!ascii || run.second_colon || !limits.allow_name(run.end - begin) || !starts(begin) ||
      (run.colon != run.end && !starts(run.colon + 1))) {
    return read_unusual_name(cursor, limits);
  }
  cursor.at = run.end;
  return QualifiedName{{document + begin, run.end - begin},
                       static_cast<std::uint16_t>(run.colon == run.end ? 0 : run.colon - begin)};
}

}  // namespace sfjwt::xml
