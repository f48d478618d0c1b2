// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/scanner.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "mod_sfjwt/xml/byte_scan.h"
#include "mod_sfjwt/xml/characters.h"
#include "mod_sfjwt/xml/prolog.h"
#include "mod_sfjwt/xml/text_hash.h"

namespace sfjwt::xml {
namespace {

// Behind the NCName that may begin at `p`; `p` itself if none does.
const char* nc_name_end(const char* p, const char* end) {
  const char* const begin = p;
  while (p < end && is(*p, p == begin ? kNameStart : kNameByte)) {
    if (is(*p, kAsciiNameByte)) {
      ++p;
      continue;
    }
    const CodePoint character = code_point_at(p);
    if (!(p == begin ? is_name_start(character.value) : is_name_character(character.value))) break;
    p += character.length;
  }
  return p;
}

}  // namespace

// Whether the next tag can be looked at now; false where the second half of an empty one is due.
inline bool Scanner::between_tags() {
  if (pending_ == Pending::leave && depth_ > 1) leave();
  return pending_ == Pending::tag;
}

// White space that mostly is not there.
inline WhitespaceRun Scanner::white_space(std::size_t at) const {
  if (at < size_ && document_[at] == '<') return {at, false};
  return blank_run(document_, at, size_);
}

// Whether a start tag or an end tag seems to begin here, with some bytes behind it.
inline bool Scanner::before_tag(std::size_t at) const {
  return size_ - at > 2 && document_[at] == '<' && document_[at + 1] != '!' && document_[at + 1] != '?';
}

// The content is white space alone, and a tag begins behind it.
inline void Scanner::note_white_space(const WhitespaceRun& blank) {
  content_.raw = {document_ + at_, blank.end - at_};
  content_.traits = blank.carriage_return ? std::uint8_t{Content::kCarriageReturn} : std::uint8_t{0};
  at_ = tag_begin_ = blank.end;
}

Scanner::Scanner(std::string_view document, const Namespaces& namespaces, const Limits& limits)
    : document_(document.data()),
      size_(document.size()),
      namespaces_(namespaces),
      limits_{std::min(limits.depth, Limits::kMaxDepth), std::min(limits.attributes, Limits::kMaxAttributes),
              std::min(limits.namespace_declarations, Limits::kMaxBindings),
              std::min(limits.name_bytes, Limits::kMaxNameBytes), limits.start_tag_bytes} {}

Scanner::Tag Scanner::next() {
  if (!between_tags()) return resume();
  const WhitespaceRun blank = white_space(at_);
  if (before_tag(blank.end)) {
    note_white_space(blank);
  } else if (!character_content()) {
    return ended(Tag::failed);
  }
  if (peek(1) != '/') return read_start_tag() ? Tag::start : ended(Tag::failed);
  return read_end_tag() ? Tag::end : ended(Tag::failed);
}

// What is not the middle of the document.
Scanner::Tag Scanner::resume() {
  switch (pending_) {
    case Pending::begin:
      if (!begin()) return ended(Tag::failed);
      pending_ = Pending::tag;
      return next();
    case Pending::end_of_empty:
      content_ = {};
      pending_ = Pending::leave;
      return Tag::end;
    case Pending::leave:
      leave();
      return ended(outside_root() ? Tag::done : Tag::failed);
    case Pending::nothing:
    case Pending::tag:
      break;
  }
  return last_;
}

Scanner::Tag Scanner::ended(Tag tag) {
  pending_ = Pending::nothing;
  return last_ = tag;
}

const Attribute* Scanner::attribute(NamespaceId id, std::string_view local) const {
  for (const Attribute& attribute : attributes()) {
    if (attribute.namespace_id == id && attribute.local() == local) return &attribute;
  }
  return nullptr;
}

NamespaceId Scanner::namespace_of_prefix(std::string_view prefix) const {
  NamespaceId id = kUnknownNamespace;
  resolve(prefix, id);
  return id;
}

// The namespace of a prefix; false, and the namespace as it was, if it is not bound.
bool Scanner::resolve(std::string_view prefix, NamespaceId& id) const {
  if (prefix.empty()) {
    id = scope_.default_namespace();
    return true;
  }
  if (const auto* binding = scope_.find(prefix)) {
    id = binding->id;
    return true;
  }
  if (prefix != "xml") return false;
  id = kXmlNamespace;
  return true;
}

std::string_view Scanner::namespace_uri() const {
  const Frame& element = innermost();
  if (element.namespace_id != kUnknownNamespace) return namespaces_.uri_of(element.namespace_id);
  const auto* binding = scope_.find(element.raw_name().substr(0, element.prefix_bytes));
  return binding ? binding->uri : std::string_view();
}

bool Scanner::bound(std::string_view prefix) const {
  NamespaceId id = kNoNamespace;
  return resolve(prefix, id);
}

bool Scanner::refuse(Rule rule, std::size_t offset, const char* message, std::string_view name) {
  violation_ = {rule, std::min(offset, size_), message, name, {}};
  return false;
}

// ---- before and after the root element

bool Scanner::begin() {
  const auto prolog = read_prolog({document_, size_});
  if (!prolog) {
    violation_ = prolog.error();
    return false;
  }
  at_ = *prolog;
  skip_white_space();
  while (looking_at("<!--")) {
    if (!comment()) return false;
    skip_white_space();
  }
  if (looking_at("<!DOCTYPE")) return refuse(Rule::forbidden_markup, at_, "a DOCTYPE is not accepted");
  if (looking_at("<?"))
    return refuse(Rule::forbidden_markup, at_, "processing instructions are not accepted");
  if (peek() != '<') return refuse(Rule::well_formed, at_, "the document does not begin with an element");
  return true;
}

bool Scanner::outside_root() {
  skip_white_space();
  while (looking_at("<!--")) {
    if (!comment()) return false;
    skip_white_space();
  }
  if (at_ == size_) return true;
  if (looking_at("<?"))
    return refuse(Rule::forbidden_markup, at_, "processing instructions are not accepted");
  return refuse(Rule::well_formed, at_, "something follows the root element");
}

void Scanner::skip_white_space() {
  at_ = blank_run(document_, at_, size_).end;
}

// ---- character content

// Up to the '<' of the next tag; comments, CDATA sections and references on the way belong to it.
bool Scanner::character_content() {
  const std::size_t begin = at_;
  std::uint8_t traits = 0;
  // begin() has skipped what may stand before the root element.
  while (depth_ != 0) {
    const Text run = text(at_, traits);
    at_ = run.end;
    traits = run.traits;
    if (!run.ended) return refuse_text();
    const char behind = peek(1);
    if (behind != '!' && behind != '?') break;
    const bool cdata = behind == '!' && peek(2) == '[';
    traits |=
        cdata ? std::uint8_t{Content::kCdata | Content::kNotWhiteSpace} : std::uint8_t{Content::kComment};
    if (!markup_in_content()) return false;
  }
  content_ = {std::string_view(document_ + begin, at_ - begin), traits};
  tag_begin_ = at_;
  return true;
}

// Text and references up to the next '<', where it is `ended`, or to where something else stands; `traits` is
// what is known of the content so far.
Scanner::Text Scanner::text(std::size_t at, std::uint8_t traits) const {
  while (at < size_) {
    const char c = document_[at];
    if (c == '<') return {at, traits, true};
    if (c == '\r' && (traits & Content::kNotWhiteSpace) != 0) {
      traits |= Content::kCarriageReturn;
      ++at;
      continue;
    }
    if (is(c, kWhiteSpace) && (traits & Content::kNotWhiteSpace) == 0) {
      const WhitespaceRun run = blank_run(document_, at, size_);
      if (run.carriage_return) traits |= Content::kCarriageReturn;
      at = run.end;
      continue;
    }
    traits |= Content::kNotWhiteSpace;
    if (c == '&') {
      const std::size_t end = reference_end({document_, size_}, at);
      if (end == 0) break;
      traits |= Content::kReference;
      at = end;
    } else if (c == ']') {
      const std::size_t first = at;
      while (at < size_ && document_[at] == ']') ++at;
      if (at - first < 2 || at == size_ || document_[at] != '>') continue;
      at -= 2;
      break;
    } else {
      at = text_end(document_, at, size_);
    }
  }
  return {at, traits, false};
}

bool Scanner::refuse_text() {
  if (at_ >= size_) {
    return refuse(Rule::well_formed, size_, "the document ends inside an element:", raw_name());
  }
  if (document_[at_] == '&') return refuse_reference();
  return refuse(Rule::well_formed, at_, "]]> stands outside a CDATA section");
}

bool Scanner::markup_in_content() {
  if (looking_at("<!--")) return comment();
  if (looking_at("<![CDATA[")) return cdata();
  if (looking_at("<?"))
    return refuse(Rule::forbidden_markup, at_, "processing instructions are not accepted");
  if (looking_at("<!DOCTYPE")) return refuse(Rule::forbidden_markup, at_, "a DOCTYPE is not accepted");
  return refuse(Rule::well_formed, at_, "<! begins neither a comment nor a CDATA section");
}

// XML 1.0 section 2.5: "--" ends a comment and must be followed by ">".
bool Scanner::comment() {
  const std::size_t end = find(document_, at_ + 4, size_, "--");
  if (end == size_) return refuse(Rule::well_formed, at_, "the comment has no end");
  if (end + 2 == size_ || document_[end + 2] != '>')
    return refuse(Rule::well_formed, end, "-- stands inside a comment");
  at_ = end + 3;
  return true;
}

bool Scanner::cdata() {
  const std::size_t end = find(document_, at_ + 9, size_, "]]>");
  if (end == size_) return refuse(Rule::well_formed, at_, "the CDATA section has no end");
  at_ = end + 3;
  return true;
}

// Says what is wrong with the '&' at the current place, which reference_end() did not accept.
bool Scanner::refuse_reference() {
  const std::string_view behind = rest().substr(1);
  if (behind.starts_with('#')) {
    const bool hex = behind.substr(1).starts_with('x');
    const auto digits = behind.substr(hex ? 2 : 1);
    const auto end = digits.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789");
    return end != 0 && end != std::string_view::npos && digits[end] == ';'
               ? refuse(Rule::well_formed, at_, "the reference is to a character that XML 1.0 does not allow")
               : refuse(Rule::well_formed, at_, "the character reference is malformed");
  }
  const auto* const end = nc_name_end(behind.data(), behind.data() + behind.size());
  const auto name = behind.substr(0, static_cast<std::size_t>(end - behind.data()));
  if (name.empty() || !behind.substr(name.size()).starts_with(';'))
    return refuse(Rule::well_formed, at_, "& does not begin a reference; it is written &amp; in text");
  return refuse(Rule::forbidden_markup, at_, "an entity other than amp, lt, gt, apos and quot:", name);
}

// ---- tags

bool Scanner::read_end_tag() {
  if (depth_ == 0) return refuse(Rule::well_formed, at_, "the document begins with an end tag");
  const std::string_view name = raw_name();
  empty_element_ = false;
  at_ += 2;
  const bool named = size_ - at_ > name.size() && same_bytes(document_ + at_, name.data(), name.size());
  if (named) {
    at_ += name.size();
    if (document_[at_] != '>') skip_white_space();
  }
  if (!named || peek() != '>')
    return refuse(Rule::well_formed, tag_begin_, "the end tag is not that of the open element:", name);
  ++at_;
  pending_ = Pending::leave;
  return true;
}

bool Scanner::read_start_tag() {
  if (depth_ >= limits_.depth) return refuse(Rule::limit, tag_begin_, "elements are nested too deep");
  Frame& element = frames_[depth_];
  element.outside = scope_.mark();
  attribute_count_ = 0;
  empty_element_ = false;
  declares_ = false;
  ++at_;
  RawName name;
  if (!qualified_name(name)) return false;
  element.name = name.text.data();
  element.name_bytes = static_cast<std::uint16_t>(name.text.size());
  element.prefix_bytes = static_cast<std::uint16_t>(name.prefix_bytes);
  if (peek() == '>') {
    ++at_;
  } else if (peek() == '/' && peek(1) == '>') {
    at_ += 2;
    empty_element_ = true;
  } else if (!rest_of_start_tag(name.text)) {
    return false;
  }
  if (!element_namespace(element)) return false;
  ++depth_;
  pending_ = empty_element_ ? Pending::end_of_empty : Pending::tag;
  return true;
}

// A namespace declaration as almost all are written. False, and nothing is read, when it is written otherwise
// or may break a rule, which declare() judges.
inline bool Scanner::plain_declaration() {
  std::size_t at = at_ + 5;
  if (size_ - at_ < 16 || std::memcmp(document_ + at_, "xmlns", 5) != 0) return false;
  std::size_t prefix = at;
  if (document_[at] == ':') {
    prefix = ++at;
    if (!is(document_[at], kNameStart)) return false;
    while (at < size_ && is(document_[at], kAsciiNameByte)) ++at;
  }
  if (size_ - at < 3 || document_[at] != '=' || at - at_ > limits_.name_bytes) return false;
  const char quote = document_[at + 1];
  if (quote != '"' && quote != '\'') return false;
  const std::size_t end = value_end(document_, at + 2, size_, quote);
  if (end == size_ || document_[end] != quote) return false;
  const std::string_view name(document_ + prefix, at - prefix);
  const std::string_view uri(document_ + at + 2, end - at - 2);
  const NamespaceId id = namespaces_.id_of(uri);
  if (uri.empty() || id == kXmlNamespace || id == kXmlnsNamespace || name == "xml" || name == "xmlns")
    return false;
  if (scope_.declare(frames_[depth_].outside, name, uri, id) != NamespaceScope::Declared::yes) return false;
  declares_ = true;
  at_ = end + 1;
  return true;
}

bool Scanner::read_attribute(Attribute& attribute) {
  const std::size_t begin = at_;
  RawName name;
  if (!qualified_name(name)) return false;
  if (is(peek(), kWhiteSpace)) skip_white_space();
  if (peek() != '=') return refuse(Rule::well_formed, begin, "the attribute has no value:", name.text);
  ++at_;
  if (is(peek(), kWhiteSpace)) skip_white_space();
  attribute.raw_name = name.text;
  attribute.prefix_bytes = static_cast<std::uint16_t>(name.prefix_bytes);
  return attribute_value(attribute.raw_value, attribute.plain);
}

inline bool Scanner::is_declaration(const Attribute& attribute) {
  const std::size_t bytes = attribute.prefix_bytes == 0 ? attribute.raw_name.size() : attribute.prefix_bytes;
  return bytes == 5 && attribute.raw_name.starts_with("xmlns");
}

// Attributes and namespace declarations up to the '>'.
bool Scanner::rest_of_start_tag(std::string_view element_name) {
  std::size_t declarations = 0;
  while (at_ - tag_begin_ <= limits_.start_tag_bytes) {
    const char c = peek();
    if (c == '>') {
      ++at_;
      break;
    }
    if (c == '/' && peek(1) == '>') {
      at_ += 2;
      empty_element_ = true;
      break;
    }
    if (!is(c, kWhiteSpace)) {
      return at_ >= size_ ? refuse(Rule::well_formed, size_, "the document ends inside a tag")
                          : refuse(Rule::well_formed, at_, "the start tag is malformed:", element_name);
    }
    ++at_;
    if (is(peek(), kWhiteSpace)) skip_white_space();
    if (peek() == '>' || peek() == '/') continue;
    if (plain_declaration()) {
      if (++declarations > limits_.namespace_declarations)
        return refuse(Rule::limit, tag_begin_, "the element declares too many namespaces");
      continue;
    }
    Attribute& attribute = attributes_[attribute_count_];
    if (!read_attribute(attribute)) return false;
    if (is_declaration(attribute)) {
      if (++declarations > limits_.namespace_declarations)
        return refuse(Rule::limit, tag_begin_, "the element declares too many namespaces");
      if (!declare(attribute)) return false;
    } else {
      if (attribute_count_ == limits_.attributes)
        return refuse(Rule::limit, tag_begin_, "the element has too many attributes");
      attribute.namespace_id = kNoNamespace;
      ++attribute_count_;
    }
  }
  if (at_ - tag_begin_ > limits_.start_tag_bytes)
    return refuse(Rule::limit, tag_begin_, "the start tag is too long");
  return attribute_count_ == 0 || (bind_attributes() && (attribute_count_ == 1 || unique_attributes()));
}

// The namespace of the element, by the declarations in scope, its own included.
bool Scanner::element_namespace(Frame& element) {
  const std::string_view prefix(element.name, element.prefix_bytes);
  return resolve(prefix, element.namespace_id) ||
         refuse(Rule::well_formed, tag_begin_, "the namespace prefix is not declared:", prefix);
}

// NCName (':' NCName)? at the current place (Namespaces in XML section 4): of ASCII bytes at once, or
// carefully.
bool Scanner::qualified_name(RawName& name) {
  const NameRun run = name_run(document_, at_, size_);
  const std::size_t bytes = run.end - at_;
  const auto starts = [this](std::size_t i) { return i < size_ && is(document_[i], kNameStart); };
  const bool ascii = run.end == size_ || static_cast<signed char>(document_[run.end]) >= 0;
  if (!ascii || run.second_colon || bytes > limits_.name_bytes || !starts(at_) ||
      (run.colon != run.end && !starts(run.colon + 1))) {
    return careful_name(name);
  }
  name.text = {document_ + at_, bytes};
  name.prefix_bytes = run.colon == run.end ? 0 : run.colon - at_;
  at_ = run.end;
  return true;
}

bool Scanner::careful_name(RawName& name) {
  const char* const begin = document_ + at_;
  const char* const end = document_ + size_;
  const char* part = begin;  // where the current NCName begins
  const char* p = nc_name_end(begin, end);
  if (p != begin && p < end && *p == ':') {
    name.prefix_bytes = static_cast<std::size_t>(p - begin);
    part = p + 1;
    p = nc_name_end(part, end);
  }
  name.text = std::string_view(begin, static_cast<std::size_t>(p - begin));
  at_ += name.text.size();
  if (name.text.size() > limits_.name_bytes)
    return refuse(Rule::limit, at_ - name.text.size(), "a name is too long:", name.text);
  if (p == part) {
    return p >= end ? refuse(Rule::well_formed, size_, "the document ends inside a tag")
                    : refuse(Rule::well_formed, at_, "a name is expected here");
  }
  return true;
}

// ---- attributes and namespace declarations

bool Scanner::attribute_value(std::string_view& value, bool& plain) {
  const char quote = peek();
  if (quote != '"' && quote != '\'')
    return refuse(Rule::well_formed, at_, "an attribute value is not quoted");
  const std::size_t begin = ++at_;
  plain = true;
  while ((at_ = value_end(document_, at_, size_, quote)) < size_ && document_[at_] != quote) {
    const char c = document_[at_];
    if (c == '<') return refuse(Rule::well_formed, at_, "< stands in an attribute value; it is written &lt;");
    if (c == '&') {
      const std::size_t end = reference_end({document_, size_}, at_);
      if (end == 0) return refuse_reference();
      at_ = end;
      plain = false;
      continue;
    }
    if (is(c, kWhiteSpace)) plain = false;
    ++at_;
  }
  if (at_ >= size_) return refuse(Rule::well_formed, begin - 1, "the attribute value has no end");
  value = std::string_view(document_ + begin, at_ - begin);
  ++at_;
  return true;
}

bool Scanner::declare(const Attribute& attribute) {
  const std::string_view prefix = attribute.prefix_bytes == 0 ? std::string_view() : attribute.local();
  const std::size_t offset = offset_of(attribute.raw_name);
  std::string_view uri = attribute.raw_value;
  if (!attribute.plain) uri = resolved_names_.emplace_back(attribute_text(attribute.raw_value));
  const NamespaceId id = namespaces_.id_of(uri);
  const bool reserved = id == kXmlNamespace || id == kXmlnsNamespace;
  if (prefix == "xmlns" || (prefix == "xml") != (id == kXmlNamespace) || (reserved && prefix != "xml"))
    return refuse(Rule::well_formed, offset, "the prefixes xml and xmlns and their namespaces are reserved");
  if (!prefix.empty() && uri.empty())
    return refuse(Rule::well_formed, offset, "a namespace prefix cannot be undeclared:", prefix);
  declares_ = true;
  switch (scope_.declare(frames_[depth_].outside, prefix, uri, id)) {
    case NamespaceScope::Declared::yes:
      break;
    case NamespaceScope::Declared::twice:
      return refuse(Rule::well_formed, offset, "a namespace is declared twice:", prefix);
    case NamespaceScope::Declared::too_many:
      return refuse(Rule::limit, offset, "too many namespace declarations are in scope");
  }
  return true;
}

bool Scanner::bind_attributes() {
  for (std::size_t i = 0; i < attribute_count_; ++i) {
    Attribute& attribute = attributes_[i];
    if (attribute.prefix_bytes == 0) continue;
    const std::string_view prefix = attribute.raw_name.substr(0, attribute.prefix_bytes);
    if (!resolve(prefix, attribute.namespace_id))
      return refuse(Rule::well_formed, tag_begin_, "the namespace prefix is not declared:", prefix);
  }
  return true;
}

std::string_view Scanner::uri_of(const Attribute& attribute) const {
  return scope_.find(attribute.raw_name.substr(0, attribute.prefix_bytes))->uri;
}

// XML 1.0 section 3.1 and Namespaces in XML section 6.3: no two attributes with one name, written or
// expanded. Local names are compared by their hashes first, so that an element full of attributes costs
// little more than its bytes.
bool Scanner::unique_attributes() {
  RawArray<std::uint32_t, Limits::kMaxAttributes> hashes;
  std::array<std::uint64_t, 8>
      seen{};  // a bit for some of each hash: most names are new, and this tells it at once
  for (std::size_t i = 0; i < attribute_count_; ++i) {
    const Attribute& attribute = attributes_[i];
    hashes[i] = text_hash(attribute.local());
    std::uint64_t& word = seen[hashes[i] % seen.size()];
    const std::uint64_t bit = std::uint64_t{1} << (hashes[i] >> 3) % 64;
    if ((word & bit) == 0) {
      word |= bit;
      continue;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (hashes[j] != hashes[i]) continue;
      const Attribute& other = attributes_[j];
      if (attribute.local() != other.local() || attribute.namespace_id != other.namespace_id) continue;
      if (attribute.namespace_id != kUnknownNamespace || uri_of(attribute) == uri_of(other))
        return refuse(Rule::well_formed, tag_begin_, "an attribute stands twice:", attribute.raw_name);
    }
  }
  return true;
}

bool Scanner::child(std::string_view local) {
  if (!between_tags() || depth_ == 0 || depth_ >= limits_.depth) return false;
  const Frame& parent = innermost();
  const WhitespaceRun blank = white_space(at_);
  const std::size_t name = blank.end + 1;
  const std::size_t prefix_bytes = parent.prefix_bytes == 0 ? 0U : parent.prefix_bytes + 1U;
  const std::size_t name_bytes = prefix_bytes + local.size();
  if (name_bytes > limits_.name_bytes || name_bytes + 2 > limits_.start_tag_bytes ||
      size_ - blank.end <= name_bytes + 1 || document_[blank.end] != '<' ||
      document_[name + name_bytes] != '>' ||
      !same_bytes(document_ + name + prefix_bytes, local.data(), local.size()) ||
      !same_bytes(document_ + name, parent.name, prefix_bytes)) {
    return false;
  }
  note_white_space(blank);
  at_ = name + name_bytes + 1;
  empty_element_ = false;
  declares_ = false;
  attribute_count_ = 0;
  Frame& element = frames_[depth_++];
  element.name = document_ + name;
  element.name_bytes = static_cast<std::uint16_t>(name_bytes);
  element.prefix_bytes = parent.prefix_bytes;
  element.namespace_id = parent.namespace_id;
  element.outside = scope_.mark();
  return true;
}

// ---- what comes again

Scanner::StartTag Scanner::start_tag() const {
  return {tag_begin_,
          static_cast<std::uint32_t>(at_ - tag_begin_),
          innermost().outside.scope,
          innermost().name_bytes,
          innermost().prefix_bytes,
          innermost().namespace_id,
          empty_element_,
          declares_};
}

std::string_view Scanner::tag_ahead() {
  constexpr std::size_t kMaxBytes = 256;
  if (!between_tags()) return {};
  ahead_ = white_space(at_).end;
  if (!before_tag(ahead_) || document_[ahead_ + 1] == '/') return {};
  const std::size_t end = find(document_, ahead_, std::min(size_, ahead_ + kMaxBytes), '>');
  if (end == size_ || document_[end] != '>') return {};
  ahead_end_ = end + 1;
  return {document_ + ahead_, ahead_end_ - ahead_};
}

bool Scanner::ahead(const StartTag& tag) {
  if (!between_tags() || tag.scope != scope_.id()) return false;
  ahead_ = white_space(at_).end;
  ahead_end_ = ahead_ + tag.bytes;
  return size_ - ahead_ > tag.bytes && same_at(tag.begin, ahead_, tag.bytes);
}

Scanner::Again Scanner::again(const StartTag& tag, bool text_only) {
  if (depth_ >= limits_.depth) return Again::no;
  attribute_count_ = 0;
  const std::size_t begin = ahead_;
  const std::size_t tag_end = ahead_end_;
  if (text_only) {
    if (tag.empty_element) {
      content_ = {};
      tag_begin_ = begin;
      at_ = tag_end;
      return Again::element;
    }
    const std::size_t stop = text_end(document_, tag_end, size_);
    Text run{stop, stop == tag_end ? std::uint8_t{0} : std::uint8_t{Content::kNotWhiteSpace}, true};
    if (stop < size_ && document_[stop] != '<') {
      run = text(stop, run.traits);
    }
    const std::size_t end = run.end;
    const std::size_t end_tag_bytes = tag.name_bytes + std::size_t{3};
    if (run.ended && size_ - end >= end_tag_bytes && document_[end + 1] == '/' &&
        same_at(tag.begin + 1, end + 2, tag.name_bytes) && document_[end + end_tag_bytes - 1] == '>') {
      content_ = {std::string_view(document_ + tag_end, end - tag_end), run.traits};
      tag_begin_ = end;
      at_ = end + end_tag_bytes;
      return Again::element;
    }
  }
  if (tag.declares) return Again::no;
  content_ = {std::string_view(document_ + at_, begin - at_), 0};
  Frame& element = frames_[depth_++];
  element.name = document_ + tag.begin + 1;
  element.name_bytes = tag.name_bytes;
  element.prefix_bytes = tag.prefix_bytes;
  element.namespace_id = tag.namespace_id;
  element.outside = scope_.mark();
  tag_begin_ = begin;
  at_ = tag_end;
  empty_element_ = tag.empty_element;
  declares_ = false;
  pending_ = empty_element_ ? Pending::end_of_empty : Pending::tag;
  return Again::start;
}

}  // namespace sfjwt::xml
