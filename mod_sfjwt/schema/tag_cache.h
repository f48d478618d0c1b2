// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mod_sfjwt/core/raw_array.h"
#include "mod_sfjwt/schema/element_check.h"
#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/xml/scanner.h"

namespace sfjwt::schema {

/// A start tag that was validated, and the result. The same bytes in the same scope, inside an element of the
/// same type, have the same result.
struct CachedTag {
  using Place = std::uint16_t;
  static constexpr Place kNone = 0xffff;

  xml::Scanner::StartTag tag;
  xml::NamespaceScope::Id inside = 0;          // the scope inside the element
  TypeId parent = kAnyType;                    // type of the containing element
  std::uint32_t particle = Schema::kNotFound;  // of that type; none inside xsd:anyType
  ElementType element;                         // what its element is validated against
  const SimpleType* values = nullptr;          // the type of its text, if that has to be validated
  bool text_only = false;                      // its element can contain only text
  Place next = kNone;                          // what followed its element last time
  Place first_child = kNone;                   // the first child last time
};

/// The start tags of one document that may be repeated, found by their bytes. Holds the first few hundred;
/// the number of comparisons of a look-up is bounded, whatever the bytes are.
class TagCache {
 public:
  using Place = CachedTag::Place;
  static constexpr Place kNone = CachedTag::kNone;

  explicit TagCache(const xml::Scanner& scanner);

  CachedTag& operator[](Place place) { return tags_[place]; }
  const CachedTag& operator[](Place place) const { return tags_[place]; }
  /// kNone if there is none.
  Place find(std::string_view text, xml::NamespaceScope::Id scope, TypeId parent) const;
  /// kNone if there is no room.
  Place add(const CachedTag& tag);

 private:
  static constexpr std::size_t kCapacity = 256;
  static constexpr std::size_t kSlots = 2 * kCapacity;
  static constexpr std::size_t kMaxProbes = 8;

  struct Slot {
    std::uint32_t hash;
    Place place;
  };

  const xml::Scanner& scanner_;
  std::size_t count_ = 0;
  RawArray<Slot, kSlots> slots_;
  RawArray<CachedTag, kCapacity> tags_;
};

}  // namespace sfjwt::schema
