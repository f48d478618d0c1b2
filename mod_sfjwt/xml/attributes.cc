// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/attributes.h"

#include <array>
#include <cstring>

#include "mod_sfjwt/xml/byte_scan.h"
#include "mod_sfjwt/xml/character_data.h"
#include "mod_sfjwt/xml/characters.h"
#include "mod_sfjwt/xml/content_reader.h"
#include "mod_sfjwt/xml/qualified_name.h"
#include "mod_sfjwt/xml/text_hash.h"

namespace sfjwt::xml {
namespace {

bool is_declaration(const Attribute& attribute) {
  const std::size_t bytes = attribute.prefix_bytes == 0 ? attribute.raw_name.size() : attribute.prefix_bytes;
  return bytes == 5 && attribute.raw_name.starts_with("xmlns");
}

}  // namespace

const Attribute* Attributes::find(NamespaceId id, std::string_view local) const {
  for (const Attribute& attribute : all()) {
    if (attribute.namespace_id == id && attribute.local() == local) return &attribute;
  }
  return nullptr;
}

// Fast path for a namespace declaration in its usual form. Returns false, with nothing consumed, if it has
// another form or may break a rule; declare() then decides.
inline bool Attributes::plain_declaration(const Tag& tag) {
  const char* const document = cursor_.document;
  const std::size_t begin = cursor_.at;
  const std::size_t size = cursor_.size;
  if (size - begin < 16 || std::memcmp(document + begin, "xmlns", 5) != 0) return false;
  std::size_t at = begin + 5;
  std::size_t prefix = at;
  if (document[at] == ':') {
    prefix = ++at;
    if (!is(document[at], kNameStart)) return false;
    while (at < size && is(document[at], kAsciiNameByte)) ++at;
  }
  if (size - at < 3 || document[at] != '=' || !limits_.allow_name(at - begin)) return false;
  const char quote = document[at + 1];
  if (quote != '"' && quote != '\'') return false;
  const std::size_t end = value_end(document, at + 2, size, quote);
  if (end == size || document[end] != quote) return false;
  const std::string_view name(document + prefix, at - prefix);
  const std::string_view uri(document + at + 2, end - at - 2);
  const NamespaceId id = namespaces_.id_of(uri);
  if (uri.empty() || id == kXmlNamespace || id == kXmlnsNamespace || name == "xml" || name == "xmlns")
    return false;
  if (scope_.declare(tag.outside, name, uri, id) != NamespaceScope::Declared::yes) return false;
  cursor_.at = end + 1;
  return true;
}

inline bool Attributes::read_one(const Tag& tag, std::size_t& declarations) {
  Attribute& attribute = attributes_[count_];
  const bool plain = plain_declaration(tag);
  if (!plain && !read_attribute(attribute)) return false;
  if (plain || is_declaration(attribute)) {
    if (!limits_.allow_declarations(++declarations))
      return cursor_.refuse(Rule::limit, tag.begin, "the element declares too many namespaces");
    declares_ = true;
    return plain || declare(attribute, tag);
  }
  if (!limits_.allow_attributes(count_ + 1))
    return cursor_.refuse(Rule::limit, tag.begin, "the element has too many attributes");
  attribute.namespace_id = kNoNamespace;
  ++count_;
  return true;
}

bool Attributes::read(const Tag& tag) {
  if (!read_all(tag)) return false;
  return count_ == 0 || (resolve_prefixes(tag) && (count_ == 1 || check_unique(tag)));
}

bool Attributes::read_all(const Tag& tag) {
  std::size_t declarations = 0;
  while (limits_.allow_start_tag(cursor_.at - tag.begin)) {
    const char c = cursor_.peek();
    const std::size_t end_bytes = c == '>' ? 1 : c == '/' && cursor_.peek(1) == '>' ? 2 : 0;
    if (end_bytes != 0) {
      if (limits_.allow_start_tag(cursor_.at + end_bytes - tag.begin)) return true;
      break;
    }
    if (!is(c, kWhiteSpace)) {
      return cursor_.at >= cursor_.size
                 ? cursor_.refuse(Rule::well_formed, cursor_.size, "the document ends inside a tag")
                 : cursor_.refuse(Rule::well_formed, cursor_.at, "the start tag is malformed:", tag.name);
    }
    ++cursor_.at;
    if (is(cursor_.peek(), kWhiteSpace)) cursor_.skip_white_space();
    if (cursor_.peek() == '>' || cursor_.peek() == '/') continue;
    if (!read_one(tag, declarations)) return false;
  }
  return cursor_.refuse(Rule::limit, tag.begin, "the start tag is too long");
}

// ---- one attribute

bool Attributes::read_attribute(Attribute& attribute) {
  const std::size_t begin = cursor_.at;
  const auto name = read_qualified_name(cursor_, limits_);
  if (!name) return false;
  if (is(cursor_.peek(), kWhiteSpace)) cursor_.skip_white_space();
  if (cursor_.peek() != '=')
    return cursor_.refuse(Rule::well_formed, begin, "the attribute has no value:", name->text);
  ++cursor_.at;
  if (is(cursor_.peek(), kWhiteSpace)) cursor_.skip_white_space();
  attribute.raw_name = name->text;
  attribute.prefix_bytes = name->prefix_bytes;
  return read_value(attribute);
}

bool Attributes::read_value(Attribute& attribute) {
  const char quote = cursor_.peek();
  if (quote != '"' && quote != '\'')
    return cursor_.refuse(Rule::well_formed, cursor_.at, "an attribute value is not quoted");
  const char* const document = cursor_.document;
  const std::size_t begin = cursor_.at + 1;
  std::size_t at = begin;
  attribute.plain = true;
  while ((at = value_end(document, at, cursor_.size, quote)) < cursor_.size && document[at] != quote) {
    const char c = document[at];
    if (c == '<') {
      return cursor_.refuse(Rule::well_formed, at, "an attribute value contains <; write &lt;");
    }
    if (c == '&') {
      const std::size_t end = reference_end({document, cursor_.size}, at);
      if (end == 0) {
        cursor_.at = at;
        return refuse_reference(cursor_);
      }
      at = end;
      attribute.plain = false;
      continue;
    }
    if (is(c, kWhiteSpace)) attribute.plain = false;
    ++at;
  }
  if (at >= cursor_.size)
    return cursor_.refuse(Rule::well_formed, begin - 1, "the attribute value has no end");
  attribute.raw_value = {document + begin, at - begin};
  cursor_.at = at + 1;
  return true;
}

// ---- namespace declarations

bool Attributes::declare(const Attribute& attribute, const Tag& tag) {
  const std::string_view prefix = attribute.prefix_bytes == 0 ? std::string_view() : attribute.local();
  const std::size_t offset = cursor_.offset_of(attribute.raw_name);
  std::string_view uri = attribute.raw_value;
  if (!attribute.plain) uri = resolved_names_.emplace_back(attribute_text(attribute.raw_value));
  const NamespaceId id = namespaces_.id_of(uri);
  const bool reserved = id == kXmlNamespace || id == kXmlnsNamespace;
  if (prefix == "xmlns" || (prefix == "xml") != (id == kXmlNamespace) || (reserved && prefix != "xml")) {
    return cursor_.refuse(Rule::well_formed, offset,
                          "the prefixes xml and xmlns and their namespaces are reserved");
  }
  if (!prefix.empty() && uri.empty())
    return cursor_.refuse(Rule::well_formed, offset, "a namespace prefix cannot be undeclared:", prefix);
  switch (scope_.declare(tag.outside, prefix, uri, id)) {
    case NamespaceScope::Declared::yes:
      break;
    case NamespaceScope::Declared::twice:
      return cursor_.refuse(Rule::well_formed, offset, "a namespace is declared twice:", prefix);
    case NamespaceScope::Declared::too_many:
      return cursor_.refuse(Rule::limit, offset, "too many namespace declarations are in scope");
  }
  return true;
}

// ---- all of them

bool Attributes::resolve_prefixes(const Tag& tag) {
  for (std::size_t i = 0; i < count_; ++i) {
    Attribute& attribute = attributes_[i];
    if (attribute.prefix_bytes == 0) continue;
    const auto id = scope_.namespace_of(attribute.prefix());
    if (!id) {
      return cursor_.refuse(Rule::well_formed, tag.begin,
                            "the namespace prefix is not declared:", attribute.prefix());
    }
    attribute.namespace_id = *id;
  }
  return true;
}

// XML 1.0 section 3.1 and Namespaces in XML section 6.3: no two attributes with the same name, qualified or
// expanded. Hashes of local names are compared first, so that an element with many attributes costs little
// more than its bytes.
bool Attributes::check_unique(const Tag& tag) {
  RawArray<std::uint32_t, Limits::kMaxAttributes> hashes;
  std::array<std::uint64_t, 8>
      seen{};  // a bit for part of each hash; most names are new, and their bit is clear
  for (std::size_t i = 0; i < count_; ++i) {
    const Attribute& attribute = attributes_[i];
    hashes[i] = text_hash(attribute.local());
    std::uint64_t& word = seen[hashes[i] % seen.size()];
    const std::uint64_t bit = std::uint64_t{1} << (hashes[i] >> 3) % 64;
    if ((word & bit) == 0) {
      word |= bit;
      continue;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (hashes[j] == hashes[i] && same_name(attribute, attributes_[j]))
        return cursor_.refuse(Rule::well_formed, tag.begin, "an attribute occurs twice:", attribute.raw_name);
    }
  }
  return true;
}

bool Attributes::same_name(const Attribute& a, const Attribute& b) const {
  if (a.local() != b.local() || a.namespace_id != b.namespace_id) return false;
  return a.namespace_id != kUnknownNamespace || scope_.find(a.prefix())->uri == scope_.find(b.prefix())->uri;
}

}  // namespace sfjwt::xml
