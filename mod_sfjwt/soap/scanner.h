// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/raw_array.h"
#include "mod_sfjwt/soap/document_error.h"
#include "mod_sfjwt/soap/limits.h"
#include "mod_sfjwt/soap/namespaces.h"

namespace sfjwt::soap {

/// A name as a reader meets it in a message; the view points into the message.
struct Name {
  NamespaceId namespace_id = kNoNamespace;
  std::string_view local;
  bool operator==(const Name&) const = default;
};

/// The character content between two tags, as it stands in the document.
struct Content {
  enum Trait : std::uint8_t {
    kNotWhiteSpace = 1,   // some character that is not white space, or a reference or CDATA section
    kReference = 2,       // & references
    kCdata = 4,           // CDATA sections
    kComment = 8,         // comments
    kCarriageReturn = 16  // CR, which is read as LF (XML 1.0 section 2.11)
  };
  std::string_view raw;
  std::uint8_t traits = 0;
  bool blank() const { return (traits & kNotWhiteSpace) == 0; }
  /// The raw bytes are the value: nothing to resolve.
  bool plain() const { return (traits & (kReference | kCdata | kComment | kCarriageReturn)) == 0; }
};

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
    failed,  // it did not: see rule(), error_offset(), message()
  };

  Scanner(std::string_view document, const Namespaces& namespaces, const Limits& limits);

  /// Goes on to the next tag. After done or failed it answers the same again.
  Tag next();

  /// Says which element probably starts next: its local name, written with the prefix of the element that
  /// started last. A right guess saves the reading of the name; a wrong one costs a comparison and changes
  /// nothing. The name must be an NCName and outlive the scanner.
  void expect(std::string_view local) { expected_ = local; }
  /// Whether the element just started is the expected one, by its local name.
  bool as_expected() const { return as_expected_; }

  // The character content before the tag just read.
  const Content& content() const { return content_; }

  std::size_t document_bytes() const { return size_; }

  // The tag just read. The name of an end tag is that of its start tag.
  const Name& name() const { return name_; }
  std::string_view raw_name() const { return raw_name_; }
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

  // Of a failure.
  Rule rule() const { return rule_; }
  std::size_t error_offset() const { return error_offset_; }
  const char* message() const { return message_; }               // a literal; where it ends in a colon,
  std::string_view message_name() const { return error_name_; }  // a name of the document follows

 private:
  struct Binding {
    std::string_view prefix;
    std::string_view uri;
    NamespaceId id = kNoNamespace;
  };
  struct Frame {
    std::string_view raw_name;
    Name name;
    std::uint16_t bindings;  // how many were in scope before this element
    NamespaceId default_namespace;
  };

  Tag fail(Rule rule, std::size_t offset, const char* message, std::string_view name = {});
  bool refuse(Rule rule, std::size_t offset, const char* message, std::string_view name = {});

  bool begin();
  bool encoding_known(std::size_t first_bad);
  bool xml_declaration(bool ascii);
  bool pseudo_attribute(std::string_view name, std::string_view& value);

  bool character_content();
  bool comment();
  bool cdata();
  bool reference(std::size_t limit);
  Tag outside_root();

  Tag start_tag();
  bool expected_name();
  bool element_name();
  bool rest_of_start_tag();
  Tag end_tag();
  bool qualified_name(std::string_view& raw, std::size_t& prefix_bytes);
  bool one_attribute(std::size_t& declarations);
  bool attribute_value(std::string_view& value, bool& plain);
  bool declare(std::string_view prefix, std::string_view raw_value, bool plain, std::size_t offset);
  bool bind_attributes();
  bool unique_attributes();
  const Binding* binding(std::string_view prefix) const;
  // What was remembered of prefixes does not hold any more. An unprefixed name is always looked at anew.
  void forget_prefixes() {
    recent_ = {};
    last_prefix_ = {};
  }

  char peek(std::size_t ahead = 0) const { return at_ + ahead < size_ ? document_[at_ + ahead] : '\0'; }
  bool looking_at(std::string_view text) const {
    return size_ - at_ >= text.size() && std::string_view(document_ + at_, text.size()) == text;
  }
  void skip_white_space();

  const char* document_;
  std::size_t size_;
  const Namespaces& namespaces_;
  const Limits limits_;
  std::size_t at_ = 0;

  Tag last_ = Tag::end;
  bool begun_ = false;
  bool leave_pending_ = false;  // the frame of the last end tag is popped by the next call
  bool empty_element_ = false;
  std::size_t depth_ = 0;
  std::size_t tag_begin_ = 0;
  Name name_;
  std::string_view raw_name_;
  Content content_;

  Rule rule_ = Rule::well_formed;
  std::size_t error_offset_ = 0;
  const char* message_ = "";
  std::string_view error_name_;

  NamespaceId default_namespace_ = kNoNamespace;
  std::size_t binding_count_ = 0;
  std::string_view expected_;
  bool as_expected_ = false;
  std::string_view
      last_prefix_;  // with its colon, of an element that started while the bindings were as they are
  NamespaceId last_namespace_ = kNoNamespace;
  mutable std::array<const Binding*, 8>
      recent_{};  // what look-ups found, while the bindings stay as they are
  std::size_t attribute_count_ = 0;
  std::size_t prefix_bytes_ = 0;
  std::list<std::string> resolved_names_;  // namespace names that were written with references
  RawArray<std::uint64_t, Limits::kMostBindings> binding_keys_;
  RawArray<Binding, Limits::kMostBindings> bindings_;
  RawArray<Attribute, Limits::kMostAttributes> attributes_;
  RawArray<Frame, Limits::kMostDepth> frames_;
};

/// The value an XML processor reports for accepted character content: references resolved, CDATA opened,
/// comments left out, line ends normalised.
std::string character_data(const Content& content);

/// The value an XML processor reports for an accepted attribute value (XML 1.0 section 3.3.3, type CDATA).
std::string attribute_text(std::string_view raw_value);

}  // namespace sfjwt::soap
