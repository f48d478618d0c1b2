// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/raw_array.h"
#include "mod_sfjwt/xml/byte_scan.h"
#include "mod_sfjwt/xml/character_data.h"
#include "mod_sfjwt/xml/limits.h"
#include "mod_sfjwt/xml/name.h"
#include "mod_sfjwt/xml/namespace_scope.h"
#include "mod_sfjwt/xml/namespaces.h"
#include "mod_sfjwt/xml/violation.h"

namespace sfjwt::xml {

/// An attribute that is no namespace declaration; `raw_value` is what stands between the quotes.
struct Attribute {
  NamespaceId namespace_id = kNoNamespace;
  std::uint16_t prefix_bytes = 0;  // without the colon; 0 for an unprefixed name
  std::string_view raw_name;
  std::string_view raw_value;
  bool plain = true;  // no reference, tab, CR or LF in the value
  std::string_view local() const { return raw_name.substr(prefix_bytes ? prefix_bytes + 1U : 0U); }
};

/// Reads one XML document tag by tag, in a single pass over its bytes: strict XML 1.0 (fifth edition) with
/// Namespaces, UTF-8 only, without DOCTYPE and processing instructions, within limits. Linear in the bytes
/// whatever they are; allocates only for namespace names written with references. The document must outlive
/// the scanner.
class Scanner {
 public:
  enum class Tag : std::uint8_t {
    start,   // a start tag, or the first half of an empty-element tag
    end,     // an end tag, or the second half of an empty-element tag
    done,    // the document ended as it should
    failed,  // it did not: see violation()
  };

  Scanner(std::string_view document, const Namespaces& namespaces, const Limits& limits);

  /// Goes on to the next tag. After done or failed it answers the same again.
  Tag next();

  // The character content before the tag just read.
  const Content& content() const { return content_; }

  std::size_t document_bytes() const { return size_; }

  // The tag just read. The name of an end tag is that of its start tag.
  Name name() const {
    const Frame& element = innermost();
    const unsigned colon = element.prefix_bytes == 0 ? 0U : element.prefix_bytes + 1U;
    return {element.namespace_id, raw_name().substr(colon)};
  }
  std::string_view raw_name() const { return innermost().raw_name(); }
  /// The namespace name of the start tag just read, also one that nobody added to the namespaces. The view is
  /// good as long as the scanner.
  std::string_view namespace_uri() const;
  std::size_t depth() const { return depth_; }  // elements open, the one just started or ended included
  std::size_t tag_begin() const { return tag_begin_; }  // offset of its '<'
  std::size_t tag_end() const { return at_; }           // offset behind its '>'
  bool empty_element() const { return empty_element_; }

  // Of a start tag only; valid until the next call of next().
  std::span<const Attribute> attributes() const { return {attributes_.data(), attribute_count_}; }
  const Attribute* attribute(NamespaceId id, std::string_view local) const;
  /// The namespace a QName in content or in an attribute value would have here, by its prefix ("" = default);
  /// kUnknownNamespace also where the prefix is not bound: ask `bound` for the difference.
  NamespaceId namespace_of_prefix(std::string_view prefix) const;
  bool bound(std::string_view prefix) const;

  /// Reads the start tag of an element of this local name, which is written as its parent is (the same
  /// prefix, and so the same namespace) and has no attributes, if just that comes next behind nothing but
  /// white space. False, and nothing is read, when something else does: next() tells what. The name must be
  /// an NCName.
  bool child(std::string_view local);

  // ---- Most documents repeat themselves: what was read once need not be taken apart again.

  /// A start tag as it was read, to know it by when it comes again: the same bytes in the same scope mean the
  /// same.
  struct StartTag {
    std::size_t begin = 0;  // offset of its '<'
    std::uint32_t bytes = 0;
    NamespaceScope::Id scope = 0;  // outside of it
    std::uint16_t name_bytes = 0;
    std::uint16_t prefix_bytes = 0;
    NamespaceId namespace_id = kNoNamespace;
    bool empty_element = false;
    bool declares = false;  // namespaces
  };

  /// The start tag just read.
  StartTag start_tag() const;
  std::string_view text_of(const StartTag& tag) const { return {document_ + tag.begin, tag.bytes}; }
  /// Whether a tag has the same bytes as this text of the document.
  bool same(const StartTag& tag, std::string_view text) const {
    return tag.bytes == text.size() && same_at(tag.begin, offset_of(text), text.size());
  }
  /// The bytes of the start tag that seems to come next, white space before it left out; empty if something
  /// else does. What they mean is not looked at.
  std::string_view tag_ahead();

  /// Whether this tag comes next, by its bytes and its scope, behind nothing but white space.
  bool ahead(const StartTag& tag);

  enum class Again : std::uint8_t {
    no,       // nothing was read: it cannot be told without reading the tag as new
    start,    // the tag was read as by next(), but its attributes are not given
    element,  // a whole element was read: the tag, text without markup (see content()), and its end tag; the
              // name is that of the element around it
  };
  /// Reads the tag that ahead() or tag_ahead() has found to come next; with `text_only` up to the end of the
  /// element, if that holds nothing but text.
  Again again(const StartTag& tag, bool text_only);

  /// The scope inside the start tag just read, and outside of the next one.
  NamespaceScope::Id scope() const { return scope_.id(); }
  /// Says that the declarations in scope are those it once had this number for.
  void call_scope(NamespaceScope::Id id) { scope_.call(id); }

  /// What made next() fail.
  const Violation& violation() const { return violation_; }

 private:
  // What the next call has to do first.
  enum class Pending : std::uint8_t {
    tag,           // nothing: the next tag
    leave,         // the innermost element has ended
    end_of_empty,  // the second half of an empty-element tag is due
    begin,         // the document
    nothing,       // it is over
  };
  struct Frame {
    const char* name;
    std::uint16_t name_bytes;
    std::uint16_t prefix_bytes;
    NamespaceId namespace_id;
    NamespaceScope::Mark outside;
    std::string_view raw_name() const { return {name, name_bytes}; }
  };

  const Frame& innermost() const { return frames_[depth_ - 1]; }
  Tag ended(Tag tag);
  bool refuse(Rule rule, std::size_t offset, const char* message, std::string_view name = {});

  bool begin();
  bool outside_root();
  void leave() {
    scope_.leave(frames_[--depth_].outside);
    pending_ = Pending::tag;
  }

  Tag resume();

  struct RawName {
    std::string_view text;
    std::size_t prefix_bytes = 0;  // without the colon
  };
  struct Text {
    std::size_t end;
    std::uint8_t traits;
    bool ended;
  };
  bool between_tags();
  WhitespaceRun white_space(std::size_t at) const;
  bool before_tag(std::size_t at) const;
  void note_white_space(const WhitespaceRun& blank);
  bool character_content();
  Text text(std::size_t at, std::uint8_t traits) const;
  bool markup_in_content();
  bool comment();
  bool cdata();
  bool refuse_reference();
  bool refuse_text();

  bool read_start_tag();
  bool element_namespace(Frame& element);
  bool resolve(std::string_view prefix, NamespaceId& id) const;
  bool rest_of_start_tag(std::string_view element_name);
  bool read_end_tag();
  bool qualified_name(RawName& name);
  bool careful_name(RawName& name);
  bool plain_declaration();
  bool read_attribute(Attribute& attribute);
  static bool is_declaration(const Attribute& attribute);
  bool attribute_value(std::string_view& value, bool& plain);
  bool declare(const Attribute& attribute);
  bool bind_attributes();
  bool unique_attributes();
  std::string_view uri_of(const Attribute& attribute) const;

  char peek(std::size_t ahead = 0) const { return at_ + ahead < size_ ? document_[at_ + ahead] : '\0'; }
  bool looking_at(std::string_view text) const { return rest().starts_with(text); }
  bool same_at(std::size_t a, std::size_t b, std::size_t count) const {
    return same_bytes(document_, a, b, count, size_);
  }
  std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - document_);
  }
  std::string_view rest() const { return {document_ + at_, size_ - at_}; }
  void skip_white_space();

  const char* document_;
  std::size_t size_;
  const Namespaces& namespaces_;
  const Limits limits_;
  std::size_t at_ = 0;
  std::size_t ahead_ = 0;      // offset of the '<' that was looked ahead to
  std::size_t ahead_end_ = 0;  // behind the tag there

  Pending pending_ = Pending::begin;
  Tag last_ = Tag::end;
  bool empty_element_ = false;
  bool declares_ = false;
  std::size_t depth_ = 0;
  std::size_t tag_begin_ = 0;
  Content content_;
  std::size_t attribute_count_ = 0;
  Violation violation_;
  std::list<std::string> resolved_names_;  // namespace names that were written with references
  NamespaceScope scope_;
  RawArray<Attribute, Limits::kMaxAttributes + 1> attributes_;  // the last one may be one too many
  RawArray<Frame, Limits::kMaxDepth> frames_;
};

}  // namespace sfjwt::xml
