// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/raw_array.h"
#include "mod_sfjwt/soap/location.h"
#include "mod_sfjwt/soap/scanner.h"
#include "mod_sfjwt/soap/schema.h"

namespace sfjwt::soap {

/// Holds elements to the schema while a scanner reads them: told of each start tag and each end tag below a
/// global element, it keeps one frame for each open element. The answers are whether all is valid so far; the
/// first violation is kept. Allocates only for values with references or line ends to resolve.
class Validator {
 public:
  Validator(const Schema& schema, const Scanner& scanner) : schema_(schema), scanner_(scanner) {}

  /// The start tag just read is that of a global element, where a part of the message begins. On a header
  /// block, attributes of the SOAP namespace `soap` may stand beside the declared ones; kNoNamespace allows
  /// none.
  bool begin(const ElementDeclaration& declaration, NamespaceId soap);
  /// The start tag just read is that of a child of an open element.
  bool child();
  /// The end tag just read closes the innermost open element.
  bool close();

  /// The local name of the element that probably starts next, for Scanner::expect; empty if there is no
  /// guess.
  std::string_view expected() const;

  const Violation& violation() const { return violation_; }

 private:
  struct Frame {
    const Type* type;        // nullptr: nothing below is looked at (processContents="skip")
    std::uint32_t position;  // of the particle that took the last child
    std::uint32_t count;     // children it took in a row
    std::uint32_t seen;      // where this element's bits of taken particles begin, if order is free
    TypeId id;
    bool nil;
  };

  static constexpr std::size_t kSeenWords = 1024;

  // Elements of one type mostly have the same children in the same order: which particle followed which last
  // time.
  struct Followed {
    std::uint32_t before;
    std::uint32_t index;
  };
  static constexpr std::size_t kFollowed = 256;
  static constexpr std::size_t kWorthRemembering = 4096;  // bytes of a document

  bool open(TypeId type, bool nillable, NamespaceId soap = kNoNamespace);
  std::uint32_t expected_index(const Frame& parent) const;
  void remember(const Frame& parent, std::uint32_t index);
  bool open_undeclared();
  bool push(TypeId type, bool nil);
  bool push_skipped();
  bool any_child();
  bool element_child(Frame& parent);
  bool spent(const Frame& parent, std::uint32_t index) const;
  bool named_child(Frame& parent, std::uint32_t index);
  bool may_follow(const Frame& parent, std::uint32_t index) const;
  bool particle_child(Frame& parent, std::uint32_t index);
  bool in_order(Frame& parent, std::uint32_t index);
  bool in_any_order(Frame& parent, std::uint32_t index);
  bool wildcard_child(Frame& parent);
  std::uint32_t open_wildcard(const Frame& parent) const;
  bool wildcard_particle(Frame& parent, std::uint32_t index);
  bool declared_child(const Particle& wildcard);

  bool typed_attributes(TypeId& type, bool& nil, bool nillable, NamespaceId soap);
  bool type_attribute(const Attribute& attribute, TypeId& type);
  bool nil_attribute(const Attribute& attribute, bool& nil, bool nillable);
  bool declared_attributes(const Type& type, NamespaceId soap);

  bool complete(const Frame& frame);
  bool value(const Frame& frame);
  bool q_name_fits(const SimpleType& simple, std::string_view text) const;

  bool refuse(std::size_t offset, const char* message, std::string_view name = {},
              std::string_view expected = {});
  bool refuse_tag(const char* message, std::string_view name = {}, std::string_view expected = {}) {
    return refuse(scanner_.tag_begin(), message, name, expected);
  }
  std::string_view next_expected(const Frame& frame) const;

  const Schema& schema_;
  const Scanner& scanner_;
  Violation violation_;
  std::size_t depth_ = 0;
  std::size_t seen_end_ = 0;
  bool nil_counts_ = true;  // xsi:nil on the element just started has a meaning
  std::string resolved_;
  bool remembers_ = false;
  RawArray<Followed, kFollowed> followed_;
  RawArray<std::uint64_t, kSeenWords> seen_;
  RawArray<Frame, Limits::kMostDepth> frames_;
};

}  // namespace sfjwt::soap
