// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/raw_array.h"
#include "mod_sfjwt/xml/cursor.h"
#include "mod_sfjwt/xml/limits.h"
#include "mod_sfjwt/xml/namespace_scope.h"
#include "mod_sfjwt/xml/namespaces.h"

namespace sfjwt::xml {

/// An attribute that is not a namespace declaration; `raw_value` is the text between the quotes.
struct Attribute {
  NamespaceId namespace_id = kNoNamespace;
  std::uint16_t prefix_bytes = 0;  // without the colon; 0 for an unprefixed name
  std::string_view raw_name;
  std::string_view raw_value;
  bool plain = true;  // no reference, tab, CR or LF in the value
  std::string_view prefix() const { return raw_name.substr(0, prefix_bytes); }
  std::string_view local() const { return raw_name.substr(prefix_bytes ? prefix_bytes + 1U : 0U); }
};

/// The attributes and namespace declarations of one start tag at a time (XML 1.0 section 3.1, Namespaces in
/// XML sections 3 to 6). The constructor's arguments must outlive it.
class Attributes {
 public:
  Attributes(Cursor& cursor, NamespaceScope& scope, const Namespaces& namespaces, const Limits& limits)
      : cursor_(cursor), scope_(scope), namespaces_(namespaces), limits_(limits) {}
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  /// Removes those of the previous tag.
  void clear() {
    count_ = 0;
    declares_ = false;
  }

  /// The tag that contains them.
  struct Tag {
    std::size_t begin;  // offset of its '<'
    std::string_view name;
    const NamespaceScope::Mark& outside;
  };
  /// Reads them, from the name of a start tag up to its ">" or "/>", where it leaves the cursor.
  bool read(const Tag& tag);

  std::span<const Attribute> all() const { return {attributes_.data(), count_}; }
  /// nullptr if there is none.
  const Attribute* find(NamespaceId id, std::string_view local) const;
  bool declares() const { return declares_; }  // namespaces

 private:
  bool read_all(const Tag& tag);
  bool read_one(const Tag& tag, std::size_t& declarations);
  bool plain_declaration(const Tag& tag);
  bool read_attribute(Attribute& attribute);
  bool read_value(Attribute& attribute);
  bool declare(const Attribute& attribute, const Tag& tag);
  bool resolve_prefixes(const Tag& tag);
  bool check_unique(const Tag& tag);
  bool same_name(const Attribute& a, const Attribute& b) const;

  Cursor& cursor_;
  NamespaceScope& scope_;
  const Namespaces& namespaces_;
  const Limits& limits_;
  std::size_t count_ = 0;
  bool declares_ = false;
  std::list<std::string> resolved_names_;                       // namespace names written with references
  RawArray<Attribute, Limits::kMaxAttributes + 1> attributes_;  // one more, to detect an excess
};

}  // namespace sfjwt::xml
