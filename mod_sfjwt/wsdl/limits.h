// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sfjwt::wsdl {

// Limits on a WSDL at start, several times the size of the largest real ones (an enterprise WSDL of 64.0: 3
// MB, 130,000 elements and attributes, 1,151 types). A WSDL above a limit is refused, with file and line, so
// that a faulty or malicious file cannot block the start of the server or exhaust its memory.

// A WSDL with all files it imports
inline constexpr std::size_t kMaxWsdlBytes = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t kMaxWsdlNodes = 1'500'000;  // elements and attributes
inline constexpr std::size_t kMaxImports = 1'000;
inline constexpr std::size_t kMaxTagAttributes = 256;
inline constexpr std::size_t kMaxSchemas = 1'000;
inline constexpr std::size_t kMaxOperations = 2'000;
inline constexpr std::size_t kMaxMessageParts = 1'000;
inline constexpr std::size_t kMaxHeaders = 200;  // soap:header of one operation
inline constexpr std::size_t kMaxFaults = 200;   // of one operation; also faults with a detail in total

// The schemas of a section
inline constexpr std::size_t kMaxComponents = 20'000;  // each: types, elements, attributes
inline constexpr std::size_t kMaxParticles = 10'000;   // of one type, including inherited ones
inline constexpr std::size_t kMaxWildcards = 100;      // of one type
inline constexpr std::size_t kMaxTypeAttributes = 1'000;
inline constexpr std::size_t kMaxFlattened = 500'000;  // particles and attributes of all types
inline constexpr std::size_t kMaxEnumeration = 50'000;
inline constexpr std::size_t kMaxPatterns = 100;
inline constexpr std::size_t kMaxPatternBytes = 4'096;
inline constexpr std::size_t kMaxFacets =
    500'000;  // enumerated values and patterns of all types, with inherited ones
inline constexpr std::size_t kMaxWildcardNamespaces = 100;
inline constexpr std::size_t kMaxWarnings = 100;

/// "more than 100 patterns, which is the limit"
inline std::string more_than(std::size_t limit, std::string_view what) {
  return "more than " + std::to_string(limit) + " " + std::string(what) + ", which is the limit";
}

}  // namespace sfjwt::wsdl
