// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/raw_array.h"
#include "mod_sfjwt/schema/element_check.h"
#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/schema/sequence_position.h"
#include "mod_sfjwt/schema/tag_cache.h"
#include "mod_sfjwt/xml/scanner.h"
#include "mod_sfjwt/xml/violation.h"

namespace sfjwt::schema {

/// Holds elements to the schema while a scanner reads them: told of each start tag and each end tag below a
/// global element, it keeps one frame for each open element. The answers are whether all is valid so far; the
/// first violation is kept. Start tags that come again are known by their bytes and not judged again.
/// Allocates only for values with references or line ends to resolve, and where elements with hundreds of
/// fields are nested in large numbers.
class Validator {
 public:
  Validator(const Schema& schema, xml::Scanner& scanner)
      : schema_(schema), scanner_(scanner), check_(schema, scanner) {}
  Validator(const Validator&) = delete;
  Validator& operator=(const Validator&) = delete;

  /// The start tag just read is that of a global element, where a part of the message begins.
  bool begin(const ElementDeclaration& declaration, const SoapAttributes& soap);
  /// The start tag just read is that of a child of an open element.
  bool child();
  /// The end tag just read closes the innermost open element.
  bool close();

  /// How the reading of an element ended.
  enum class End : std::uint8_t {
    valid,      // with its end tag
    violated,   // see violation(); the scanner stands behind the tag or the element that violates the schema
    malformed,  // the scanner failed
  };
  /// Reads the element just begun() to its end.
  End subtree();

  /// Whether the element that was begun is closed.
  bool closed() const { return depth_ == 0; }

  const xml::Violation& violation() const { return check_.violation(); }

 private:
  struct Frame {
    const Type* type;              // nullptr: nothing below is looked at (processContents="skip")
    CachedTag::Place* next_child;  // where it is noted which child came next last time; nullptr: nothing is
    TypeId id;
    SequencePosition at;
    std::uint16_t taken;             // where its bits in taken_ begin, if its order is free
    CachedTag::Place uncached_next;  // a place for next_child where no cached tag has one
    Nil nil;
  };

  static constexpr std::size_t kTakenWords = 256;
  static constexpr std::uint32_t kMaxMisses = 1024;
  static constexpr std::size_t kMinCachedBytes = 4096;  // of a document

  enum class Step : std::uint8_t { taken, unknown, violated };
  End read_subtree();
  End read_subtree_with_cache();
  Step cached_child();
  void cache_child(std::size_t parent_depth);
  CachedTag::Place place_in_cache(const Frame& opened, TypeId parent);

  Frame& innermost() { return frames_[depth_ - 1]; }
  Sequence sequence_of(const Frame& frame) { return {schema_, *frame.type, taken_.data() + frame.taken}; }
  std::string_view expected_in(const Frame& frame) { return sequence_of(frame).expected(frame.at); }
  bool open(const ElementDeclaration& declaration, const SoapAttributes& soap = {},
            ElementCheck::Declared declared = ElementCheck::Declared::yes);
  bool open_undeclared();
  bool push(const ElementType& element);
  [[gnu::cold, gnu::noinline]] void hold_to_order();
  bool push_skipped();

  bool any_child();
  bool element_child(Frame& parent);
  bool named_child(Frame& parent, std::uint32_t index);
  std::uint32_t by_position(const Frame& parent);
  bool take(Frame& parent, std::uint32_t index);
  bool particle_child(Frame& parent, std::uint32_t index);
  bool wildcard_child(Frame& parent);
  std::uint32_t open_wildcard(const Frame& parent);
  bool wildcard_particle(Frame& parent, std::uint32_t index);
  bool complete(const Frame& frame);

  const Schema& schema_;
  xml::Scanner& scanner_;
  ElementCheck check_;
  std::size_t depth_ = 0;
  std::uint16_t taken_end_ = 0;  // of the bits in use
  // Of the child just opened: the particle that took it, and whether any other child of that name would have
  // gone there too, so that its tag may be cached.
  std::uint32_t taker_ = Schema::kNotFound;
  bool taken_by_name_ = false;
  TagCache* cache_ = nullptr;
  std::uint32_t misses_ = 0;         // how many more tags were new than cached
  std::vector<Type> ordered_types_;  // by depth, of open elements for which taken_ has no room; of one size
  RawArray<std::uint64_t, kTakenWords> taken_;
  RawArray<Frame, xml::Limits::kMaxDepth> frames_;
};

}  // namespace sfjwt::schema
