// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sfjwt::wsdl {

// What a WSDL may ask for at start, several times what the largest real ones do (an enterprise WSDL of 64.0:
// 3 MB, 130,000 elements and attributes, 1,151 types). Beyond one of these it is refused, with file and line:
// a faulty or malicious file must not hold up the start of the server or use up its memory.

// A WSDL with all files it imports
inline constexpr std::size_t kMaxWsdlBytes = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t kMaxWsdlNodes = 1'500'000;  // elements and attributes
inline constexpr std::size_t kMaxImports = 1'000;
inline constexpr std::size_t kMaxTagAttributes = 256;
inline constexpr std::size_t kMaxSchemas = 1'000;
inline constexpr std::size_t kMaxOperations = 2'000;
inline constexpr std::size_t kMaxMessageParts = 1'000;
inline constexpr std::size_t kMaxHeaders = 200;  // soap:header of one operation
inline constexpr std::size_t kMaxFaults = 200;   // of one operation, and such with a detail in all

// The schemas of a section
inline constexpr std::size_t kMaxComponents = 20'000;  // named types; global elements; global attributes
inline constexpr std::size_t kMaxParticles = 10'000;   // of one type, with those it inherits
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
