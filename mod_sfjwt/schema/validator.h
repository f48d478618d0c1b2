// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/raw_array.h"
#include "mod_sfjwt/schema/schema.h"
#include "mod_sfjwt/schema/tag_cache.h"
#include "mod_sfjwt/xml/scanner.h"
#include "mod_sfjwt/xml/violation.h"

namespace sfjwt::schema {

/// Which attributes of a SOAP namespace may stand beside the declared ones on the element where a part of a
/// message begins; without namespace none.
struct SoapAttributes {
  xml::NamespaceId namespace_id = xml::kNoNamespace;
  bool encoding_style_only = false;
  bool allow(const xml::Attribute& attribute) const {
    return namespace_id != xml::kNoNamespace && attribute.namespace_id == namespace_id &&
           (!encoding_style_only || attribute.local() == "encodingStyle");
  }
};

/// Holds elements to the schema while a scanner reads them: told of each start tag and each end tag below a
/// global element, it keeps one frame for each open element. The answers are whether all is valid so far; the
/// first violation is kept. Start tags that come again are known by their bytes and not judged again.
/// Allocates only for values with references or line ends to resolve, and where elements with hundreds of
/// fields are nested in large numbers.
class Validator {
 public:
  Validator(const Schema& schema, xml::Scanner& scanner) : schema_(schema), scanner_(scanner) {}

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

  const xml::Violation& violation() const { return violation_; }

 private:
  struct Frame {
    const Type* type;              // nullptr: nothing below is looked at (processContents="skip")
    CachedTag::Place* next_child;  // where it is noted which child came next last time; nullptr: nothing is
    TypeId id;
    std::uint32_t position;          // of the particle that took the last child
    std::uint32_t count;             // children it took in a row
    std::uint16_t seen;              // where this element's bits of taken particles begin, if order is free
    CachedTag::Place uncached_next;  // a place to note it where no known tag has one
    Nil nil;
  };

  static constexpr std::size_t kSeenWords = 256;

  static constexpr std::uint32_t kMaxMisses = 1024;
  static constexpr std::size_t kMinCachedBytes = 4096;  // bytes of a document

  enum class Step : std::uint8_t { taken, unknown, violated };
  End read_subtree();
  End read_large_subtree();
  static bool may_have_children(const Frame& frame);
  Step likely_child();
  Step cached_child();
  bool cache_tag(std::size_t parent_depth);
  CachedTag::Place place_in_cache(const Frame& opened, TypeId parent);

  bool open(TypeId type, bool nillable, const SoapAttributes& soap = {});
  std::uint32_t expected_index(const Frame& parent) const;
  void remember(const Frame& parent, std::uint32_t index);
  bool open_undeclared();
  bool push(TypeId type, Nil nil);
  bool push_skipped();
  bool any_child();
  bool element_child(Frame& parent);
  std::uint32_t positional(const Frame& parent) const;
  bool spent(const Frame& parent, std::uint32_t index) const;
  bool named_child(Frame& parent, std::uint32_t index);
  bool may_follow(const Frame& parent, std::uint32_t index) const;
  bool particle_child(Frame& parent, std::uint32_t index);
  bool in_order(const Frame& parent, std::uint32_t index);
  bool in_any_order(const Frame& parent, std::uint32_t index);
  void advance(Frame& parent, std::uint32_t index);
  bool wildcard_child(Frame& parent);
  std::uint32_t open_wildcard(const Frame& parent) const;
  bool wildcard_particle(Frame& parent, std::uint32_t index);
  bool declared_child(const Particle& wildcard);

  bool typed_attributes(TypeId& type, Nil& nil, bool nillable, const SoapAttributes& soap);
  bool type_attribute(const xml::Attribute& attribute, TypeId& type);
  bool nil_attribute(const xml::Attribute& attribute, Nil& nil, bool nillable);
  [[gnu::cold, gnu::noinline]] bool hold_to_order();
  bool declared_attributes(const Type& type, const SoapAttributes& soap);

  bool complete(const Frame& frame);
  bool value(const SimpleType& simple, TypeId id);
  bool q_name_fits(const SimpleType& simple, std::string_view text) const;

  bool refuse(std::size_t offset, const char* message, std::string_view name = {},
              std::string_view expected = {});
  bool refuse_tag(const char* message, std::string_view name = {}, std::string_view expected = {}) {
    return refuse(scanner_.tag_begin(), message, name, expected);
  }
  std::string_view next_expected(const Frame& frame) const;

  const Schema& schema_;
  xml::Scanner& scanner_;
  xml::Violation violation_;
  std::size_t depth_ = 0;
  std::uint16_t seen_end_ = 0;
  bool declared_ = true;  // the element just started is
  std::string resolved_;
  std::uint32_t particle_taken_ = Schema::kNotFound;  // the particle that took the element just started
  bool by_name_alone_ = false;                        // by its name alone
  TagCache* cache_ = nullptr;
  std::uint32_t misses_ = 0;    // how many more tags were new than known
  std::vector<Type> in_order_;  // of open elements, by depth, for which seen_ has no room
  RawArray<std::uint64_t, kSeenWords> seen_;
  RawArray<Frame, xml::Limits::kMaxDepth> frames_;
};

}  // namespace sfjwt::schema
