// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "mod_sfjwt/core/raw_array.h"
#include "mod_sfjwt/xml/attributes.h"
#include "mod_sfjwt/xml/byte_scan.h"
#include "mod_sfjwt/xml/character_data.h"
#include "mod_sfjwt/xml/cursor.h"
#include "mod_sfjwt/xml/limits.h"
#include "mod_sfjwt/xml/name.h"
#include "mod_sfjwt/xml/namespace_scope.h"
#include "mod_sfjwt/xml/namespaces.h"
#include "mod_sfjwt/xml/violation.h"

namespace sfjwt::xml {

/// Reads one XML document tag by tag, in a single pass: strict XML 1.0 (fifth edition) with Namespaces, UTF-8
/// only, without DOCTYPE and processing instructions, within limits. Linear in the bytes, whatever they are.
/// It allocates only for namespace names written with references. The document must outlive the scanner.
class Scanner {
 public:
  enum class Tag : std::uint8_t {
    start,   // a start tag, or the first half of an empty-element tag
    end,     // an end tag, or the second half of an empty-element tag
    done,    // the document ended correctly
    failed,  // it is in error: see violation()
  };

  Scanner(std::string_view document, const Namespaces& namespaces, const Limits& limits);
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  /// Reads the next tag. After done or failed it returns the same again.
  Tag next();

  // The character content before the tag just read.
  const Content& content() const { return content_; }

  std::size_t document_bytes() const { return cursor_.size; }

  // The tag just read. The name of an end tag is that of its start tag.
  Name name() const {
    const Frame& element = innermost();
    const unsigned colon = element.prefix_bytes == 0 ? 0U : element.prefix_bytes + 1U;
    return {element.namespace_id, raw_name().substr(colon)};
  }
  std::string_view raw_name() const { return innermost().raw_name(); }
  /// The namespace name of the start tag just read, even if it was not added to the namespaces. The view is
  /// valid as long as the scanner.
  std::string_view namespace_uri() const;
  std::size_t depth() const { return depth_; }  // open elements, including the one just started or ended
  std::size_t tag_begin() const { return tag_begin_; }  // offset of its '<'
  std::size_t tag_end() const { return cursor_.at; }    // offset after its '>'
  bool empty_element() const { return empty_element_; }

  // Only after a start tag; valid until the next call of next().
  std::span<const Attribute> attributes() const { return attributes_.all(); }
  const Attribute* attribute(NamespaceId id, std::string_view local) const {
    return attributes_.find(id, local);
  }
  /// The namespace of a prefix that is used in content or in an attribute value here ("" = default); nullopt
  /// if the prefix is not declared.
  std::optional<NamespaceId> namespace_of(std::string_view prefix) const {
    return scope_.namespace_of(prefix);
  }

  /// Fast path for an expected child: reads the next start tag if it has this local name, the same prefix as
  /// its parent (hence the same namespace) and no attributes, and only white space precedes it. Otherwise it
  /// returns false and reads nothing, and next() reads the tag. `local` must be an NCName.
  bool child(std::string_view local);

  // ---- Most documents are repetitive: a start tag that was read once need not be parsed again.

  /// A start tag, to be recognised when it is repeated: the same bytes in the same scope mean the same.
  struct StartTag {
    std::size_t begin = 0;  // offset of its '<'
    std::uint32_t bytes = 0;
    NamespaceScope::Id scope = 0;  // the scope outside of it
    std::uint16_t name_bytes = 0;
    std::uint16_t prefix_bytes = 0;
    NamespaceId namespace_id = kNoNamespace;
    bool empty_element = false;
    bool declares = false;  // it declares namespaces
  };

  /// The start tag just read.
  StartTag start_tag() const;
  std::string_view text_of(const StartTag& tag) const { return {cursor_.document + tag.begin, tag.bytes}; }
  /// Whether a tag has the same bytes as a part of the document.
  bool same(const StartTag& tag, std::string_view text) const {
    return tag.bytes == text.size() && same_at(tag.begin, cursor_.offset_of(text), text.size());
  }

  /// The position of the next start tag, if only white space precedes it; otherwise false. Valid until
  /// something is read.
  struct NextTag {
    std::size_t begin = 0;  // offset of its '<'
    std::size_t end = 0;    // offset after its '>'
    explicit operator bool() const { return end != 0; }
  };
  /// What seems to be a start tag. It is not parsed; only its end is searched for.
  NextTag find_next_tag();
  /// The next tag, if it has the same bytes and the same scope as this one.
  NextTag find_next_tag(const StartTag& like);
  std::string_view text_of(NextTag tag) const { return {cursor_.document + tag.begin, tag.end - tag.begin}; }

  enum class Repeated : std::uint8_t {
    not_read,  // nothing was read: the tag must be parsed
    start,     // the tag was read as by next(), but without its attributes
    element,   // a whole element was read: the tag, text without markup (see content()), and the end tag;
               // name() is that of the containing element
  };
  /// Reads the next tag, which is the same as `tag`. With `text_only` it reads the whole element if it
  /// contains only text.
  Repeated read_repeated(const StartTag& tag, NextTag next, bool text_only);

  /// The scope inside the start tag just read, which is the scope outside of the next one.
  NamespaceScope::Id scope() const { return scope_.id(); }
  /// Tells the scanner that the declarations in scope are those that had this number before.
  void renumber_scope(NamespaceScope::Id id) { scope_.renumber(id); }

  /// Why next() failed.
  const Violation& violation() const { return cursor_.violation; }

 private:
  // What the next call does first.
  enum class Pending : std::uint8_t {
    tag,           // nothing: the next tag
    leave,         // the innermost element has ended
    end_of_empty,  // the second half of an empty-element tag is due
    begin,         // start the document
    nothing,       // nothing: the document has ended
  };
  struct Frame {
    const char* name;
    std::uint16_t name_bytes;
    std::uint16_t prefix_bytes;
    NamespaceId namespace_id;
    NamespaceScope::Mark outside;
    std::string_view raw_name() const { return {name, name_bytes}; }
    std::string_view prefix() const { return {name, prefix_bytes}; }
  };

  const Frame& innermost() const { return frames_[depth_ - 1]; }
  bool room_for_child() const { return limits_.allow_depth(depth_ + 1); }
  void open(const char* name, std::uint16_t name_bytes, std::uint16_t prefix_bytes, NamespaceId namespace_id,
            const NamespaceScope::Mark& outside);
  Tag ended(Tag tag);

  Tag resume();
  bool begin();
  bool after_root();
  bool skip_comments();
  void leave() {
    scope_.leave(frames_[--depth_].outside);
    pending_ = Pending::tag;
  }

  bool between_tags();
  WhitespaceRun white_space() const;
  bool before_tag(std::size_t at) const;
  void skip_to_tag(const WhitespaceRun& blank);
  bool skip_to_tag();

  bool read_start_tag();
  bool read_end_tag();
  bool read_text_element(const StartTag& tag, NextTag next);

  bool same_at(std::size_t a, std::size_t b, std::size_t count) const {
    return same_bytes(cursor_.document, a, b, count, cursor_.size);
  }

  Cursor cursor_;
  const Namespaces& namespaces_;
  const Limits limits_;

  Pending pending_ = Pending::begin;
  Tag last_ = Tag::end;
  bool empty_element_ = false;
  std::size_t depth_ = 0;
  std::size_t tag_begin_ = 0;
  Content content_;
  NamespaceScope scope_;
  Attributes attributes_;
  RawArray<Frame, Limits::kMaxDepth> frames_;
};

}  // namespace sfjwt::xml
