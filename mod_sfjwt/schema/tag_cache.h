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

/// A start tag that was read and found valid, and what the schema made of it. The same bytes in the same
/// scope, inside an element of the same type, mean the same again.
struct CachedTag {
  using Place = std::uint16_t;
  static constexpr Place kNone = 0xffff;

  xml::Scanner::StartTag tag;
  xml::NamespaceScope::Id inside = 0;          // the scope it makes
  TypeId parent = kAnyType;                    // type of the element around it
  std::uint32_t particle = Schema::kNotFound;  // of that type, that takes it; none below xsd:anyType
  ElementType element;                         // what its element is held to
  const SimpleType* values = nullptr;          // of a text to be judged
  bool text_only = false;                      // its element may hold text alone
  Place next = kNone;                          // what came behind its element last time
  Place first_child = kNone;                   // what came first inside of it last time
};

/// The start tags of one document that may come again, by their bytes. Holds a few hundred, the first ones; a
/// look-up costs a bounded number of comparisons whatever the bytes are.
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
