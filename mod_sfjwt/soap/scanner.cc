// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/soap/scanner.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/soap/characters.h"
#include "mod_sfjwt/soap/same_name.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sfjwt::soap {
namespace {

bool stops_content(char c) {
  return c == '<' || c == '&' || c == ']' || c == '\r';
}

// The first of < & ] CR at or after `at`, or the end.
std::size_t find_content_stop(const char* document, std::size_t at, std::size_t size) {
#if defined(__SSE2__)
  const __m128i less = _mm_set1_epi8('<');
  const __m128i ampersand = _mm_set1_epi8('&');
  const __m128i bracket = _mm_set1_epi8(']');
  const __m128i carriage_return = _mm_set1_epi8('\r');
  for (; size - at >= 16; at += 16) {
    __m128i block;
    std::memcpy(&block, document + at, sizeof block);
    const __m128i stops =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, less), _mm_cmpeq_epi8(block, ampersand)),
                     _mm_or_si128(_mm_cmpeq_epi8(block, bracket), _mm_cmpeq_epi8(block, carriage_return)));
    if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(stops))) {
      return at + static_cast<std::size_t>(std::countr_zero(mask));
    }
  }
#endif
  while (at < size && !stops_content(document[at])) ++at;
  return at;
}

// The first byte at or after `at` that an attribute value cannot just pass over, or the end; a byte that is
// neither printable ASCII nor a delimiter may be found as well.
std::size_t find_value_stop(const char* document, std::size_t at, std::size_t size, char quote) {
#if defined(__SSE2__)
  const __m128i quotes = _mm_set1_epi8(quote);
  const __m128i less = _mm_set1_epi8('<');
  const __m128i ampersand = _mm_set1_epi8('&');
  const __m128i blank = _mm_set1_epi8(' ');
  for (; size - at >= 16; at += 16) {
    __m128i block;
    std::memcpy(&block, document + at, sizeof block);
    const __m128i stops =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, quotes), _mm_cmpeq_epi8(block, less)),
                     _mm_or_si128(_mm_cmpeq_epi8(block, ampersand), _mm_cmplt_epi8(block, blank)));
    if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(stops))) {
      return at + static_cast<std::size_t>(std::countr_zero(mask));
    }
  }
#endif
  const auto stops = [quote](char c) {
    return c == quote || c == '<' || c == '&' || static_cast<signed char>(c) < ' ';
  };
  while (at < size && !stops(document[at])) ++at;
  return at;
}

// What a predefined entity stands for, or NUL (XML 1.0 section 4.6).
char predefined_entity(std::string_view name) {
  if (name == "lt") return '<';
  if (name == "gt") return '>';
  if (name == "amp") return '&';
  if (name == "apos") return '\'';
  if (name == "quot") return '"';
  return '\0';
}

// The character of an accepted reference "&...;" at the start of `text`, and its length in bytes.
CodePoint resolved_reference(std::string_view text) {
  const auto length = static_cast<unsigned>(text.find(';') + 1);
  const std::string_view name = text.substr(1, length - 2);
  if (name[0] != '#') return {static_cast<char32_t>(predefined_entity(name)), length};
  const bool hex = name[1] == 'x';
  char32_t value = 0;
  for (const char c : name.substr(hex ? 2 : 1)) {
    const char32_t digit = static_cast<char32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    value = value * (hex ? 16 : 10) + digit;
  }
  return {value, length};
}

// Behind the NCName that may begin at `p`, a byte of class kNameStart; `p` itself if it turns out to be none.
const char* name_end(const char* p, const char* end) {
  const char* const begin = p;
  for (;;) {
    while (p < end && is(*p, kAsciiNameByte)) ++p;
    if (p == end || !is(*p, kNameByte)) return p;
    const CodePoint character = code_point_at(p);
    if (!(p == begin ? is_name_start(character.value) : is_name_character(character.value))) return p;
    p += character.length;
  }
}

// The first seven bytes of a prefix and its length, so that most prefixes are told apart by one comparison.
std::uint64_t prefix_key(std::string_view prefix) {
  std::uint64_t key = std::min<std::size_t>(prefix.size(), 255);
  for (const char c : prefix.substr(0, 7)) key = key << 8 | static_cast<unsigned char>(c);
  return key;
}

std::uint32_t hash_of(std::string_view name) {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

}  // namespace

Scanner::Scanner(std::string_view document, const Namespaces& namespaces, const Limits& limits)
    : document_(document.data()),
      size_(document.size()),
      namespaces_(namespaces),
      limits_{std::min(limits.depth, Limits::kMostDepth),
              std::min(limits.attributes, Limits::kMostAttributes),
              std::min(limits.namespace_declarations, Limits::kMostBindings),
              std::min(limits.name_bytes, Limits::kMostNameBytes), limits.start_tag_bytes} {}

Scanner::Tag Scanner::next() {
  if (last_ == Tag::done || last_ == Tag::failed) return last_;
  if (!begun_ && !begin()) return last_ = Tag::failed;
  if (leave_pending_) {
    leave_pending_ = false;
    const Frame& left = frames_[--depth_];
    if (binding_count_ != left.bindings) {
      binding_count_ = left.bindings;
      default_namespace_ = left.default_namespace;
      forget_prefixes();
    }
    if (depth_ == 0) return last_ = outside_root();
  } else if (empty_element_) {
    empty_element_ = false;
    content_ = {};
    leave_pending_ = true;
    return last_ = Tag::end;
  }
  if (!character_content()) return last_ = Tag::failed;
  tag_begin_ = at_;
  return last_ = peek(1) == '/' ? end_tag() : start_tag();
}

const Attribute* Scanner::attribute(NamespaceId id, std::string_view local) const {
  for (const Attribute& attribute : attributes()) {
    if (attribute.namespace_id == id && attribute.local() == local) return &attribute;
  }
  return nullptr;
}

NamespaceId Scanner::namespace_of_prefix(std::string_view prefix) const {
  if (prefix.empty()) return default_namespace_;
  if (prefix == "xml") return kXmlNamespace;
  const Binding* found = binding(prefix);
  return found ? found->id : kUnknownNamespace;
}

bool Scanner::bound(std::string_view prefix) const {
  return prefix.empty() || prefix == "xml" || binding(prefix) != nullptr;
}

bool Scanner::refuse(Rule rule, std::size_t offset, const char* message, std::string_view name) {
  rule_ = rule;
  error_offset_ = std::min(offset, size_);
  message_ = message;
  error_name_ = name;
  return false;
}

Scanner::Tag Scanner::fail(Rule rule, std::size_t offset, const char* message, std::string_view name) {
  refuse(rule, offset, message, name);
  return Tag::failed;
}

// ---- before and after the root element

bool Scanner::begin() {
  begun_ = true;
  const std::string_view document(document_, size_);
  if (document.empty()) return refuse(Rule::well_formed, 0, "the document is empty");
  const CharacterCheck characters = check_characters(document);
  if (!encoding_known(characters.first_bad)) return false;
  if (looking_at("\xEF\xBB\xBF")) at_ = 3;
  if (looking_at("<?xml") && is(peek(5), kWhiteSpace) && !xml_declaration(characters.ascii)) return false;
  if (characters.first_bad < size_) {
    const auto bad = static_cast<unsigned char>(document_[characters.first_bad]);
    return bad < 0x80
               ? refuse(Rule::well_formed, characters.first_bad, "a character that XML 1.0 does not allow")
               : refuse(Rule::encoding, characters.first_bad,
                        "bytes that are not UTF-8, or a character that XML 1.0 does not allow");
  }
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

// Other encodings are told by their first bytes (XML 1.0 appendix F), so that the refusal can name them.
bool Scanner::encoding_known(std::size_t first_bad) {
  if (first_bad >= 4) return true;
  const std::string_view head(document_, std::min<std::size_t>(size_, 4));
  const auto begins = [head](std::string_view mark) { return head.substr(0, mark.size()) == mark; };
  using namespace std::string_view_literals;
  if (begins("\x00\x00\xFE\xFF"sv) || begins("\xFF\xFE\x00\x00"sv) || begins("\x00\x00\x00<"sv) ||
      begins("<\x00\x00\x00"sv)) {
    return refuse(Rule::encoding, 0, "the document is UTF-32; only UTF-8 is accepted");
  }
  if (begins("\xFE\xFF"sv) || begins("\xFF\xFE"sv) || begins("\x00<"sv) || begins("<\x00"sv)) {
    return refuse(Rule::encoding, 0, "the document is UTF-16; only UTF-8 is accepted");
  }
  if (begins("\x4C\x6F\xA7\x94"sv)) {
    return refuse(Rule::encoding, 0, "the document is EBCDIC; only UTF-8 is accepted");
  }
  return true;
}

bool Scanner::xml_declaration(bool ascii) {
  at_ += 5;
  std::string_view version;
  std::string_view encoding;
  std::string_view standalone;
  if (!pseudo_attribute("version", version)) return false;
  if (version.empty()) return refuse(Rule::well_formed, at_, "the XML declaration has no version");
  if (version != "1.0") return refuse(Rule::well_formed, at_, "the document is not XML 1.0 but", version);
  if (!pseudo_attribute("encoding", encoding)) return false;
  const bool utf8 =
      equals_ignoring_case(encoding, "UTF-8") || (ascii && equals_ignoring_case(encoding, "US-ASCII"));
  if (encoding.data() && !utf8) {
    return refuse(Rule::encoding, at_, "only UTF-8 is accepted; the document says it is", encoding);
  }
  if (!pseudo_attribute("standalone", standalone)) return false;
  if (standalone.data() && standalone != "yes" && standalone != "no") {
    return refuse(Rule::well_formed, at_, "standalone is neither yes nor no");
  }
  skip_white_space();
  if (!looking_at("?>")) return refuse(Rule::well_formed, at_, "the XML declaration is malformed");
  at_ += 2;
  return true;
}

// One of the three of an XML declaration, if it stands here; `value` stays null if it does not.
bool Scanner::pseudo_attribute(std::string_view name, std::string_view& value) {
  const std::size_t before = at_;
  skip_white_space();
  if (at_ == before || !looking_at(name)) {
    at_ = before;
    return true;
  }
  at_ += name.size();
  skip_white_space();
  if (peek() != '=') return refuse(Rule::well_formed, at_, "the XML declaration is malformed");
  ++at_;
  skip_white_space();
  const char quote = peek();
  const std::string_view rest(document_ + at_, size_ - at_);
  const auto end = quote == '"' || quote == '\'' ? rest.find(quote, 1) : std::string_view::npos;
  if (end == std::string_view::npos || end > 100) {
    return refuse(Rule::well_formed, at_, "the XML declaration is malformed");
  }
  value = rest.substr(1, end - 1);
  // What versions and encodings are named with (productions 26 and 81); a refusal may repeat it.
  if (!std::all_of(value.begin(), value.end(), [](char c) { return is(c, kAsciiNameByte) || c == ':'; })) {
    return refuse(Rule::well_formed, at_, "the XML declaration is malformed");
  }
  at_ += end + 1;
  return true;
}

Scanner::Tag Scanner::outside_root() {
  skip_white_space();
  while (looking_at("<!--")) {
    if (!comment()) return Tag::failed;
    skip_white_space();
  }
  if (at_ == size_) return Tag::done;
  if (looking_at("<?")) return fail(Rule::forbidden_markup, at_, "processing instructions are not accepted");
  return fail(Rule::well_formed, at_, "something follows the root element");
}

void Scanner::skip_white_space() {
  while (at_ < size_ && is(document_[at_], kWhiteSpace)) ++at_;
}

// ---- character content

// Up to the '<' of the next tag; comments, CDATA sections and references on the way belong to it.
bool Scanner::character_content() {
  const std::size_t begin = at_;
  // Right behind another tag, or the root element's start tag: begin() has skipped what may stand before
  // that.
  if (peek() == '<' && (depth_ == 0 || (peek(1) != '!' && peek(1) != '?'))) {
    content_ = {std::string_view(document_ + at_, 0), 0};
    return true;
  }
  std::uint8_t traits = 0;
  while (at_ < size_ && is(document_[at_], kWhiteSpace)) {
    if (document_[at_] == '\r') traits |= Content::kCarriageReturn;
    ++at_;
  }
  for (;;) {
    const std::size_t plain_from = at_;
    at_ = find_content_stop(document_, at_, size_);
    if (at_ != plain_from) traits |= Content::kNotWhiteSpace;
    switch (peek()) {
      case '<':
        if (peek(1) != '!' && peek(1) != '?') {
          content_ = {std::string_view(document_ + begin, at_ - begin), traits};
          return true;
        }
        if (looking_at("<!--")) {
          traits |= Content::kComment;
          if (!comment()) return false;
        } else if (looking_at("<![CDATA[")) {
          traits |= Content::kCdata | Content::kNotWhiteSpace;
          if (!cdata()) return false;
        } else if (peek(1) == '?') {
          return refuse(Rule::forbidden_markup, at_, "processing instructions are not accepted");
        } else if (looking_at("<!DOCTYPE")) {
          return refuse(Rule::forbidden_markup, at_, "a DOCTYPE is not accepted");
        } else {
          return refuse(Rule::well_formed, at_, "<! begins neither a comment nor a CDATA section");
        }
        break;
      case '&':
        traits |= Content::kReference | Content::kNotWhiteSpace;
        if (!reference(size_)) return false;
        break;
      case ']':
        traits |= Content::kNotWhiteSpace;
        if (looking_at("]]>")) return refuse(Rule::well_formed, at_, "]]> stands outside a CDATA section");
        ++at_;
        break;
      case '\r':
        traits |= Content::kCarriageReturn;
        ++at_;
        break;
      default:
        return refuse(Rule::well_formed, size_,
                      "the document ends inside an element:", frames_[depth_ - 1].raw_name);
    }
    // White space between comments keeps blank content blank.
    while (at_ < size_ && is(document_[at_], kWhiteSpace)) {
      if (document_[at_] == '\r') traits |= Content::kCarriageReturn;
      ++at_;
    }
  }
}

// XML 1.0 section 2.5: "--" ends a comment and must be followed by ">".
bool Scanner::comment() {
  const std::size_t begin = at_;
  const auto end = std::string_view(document_, size_).find("--", at_ + 4);
  if (end == std::string_view::npos) return refuse(Rule::well_formed, begin, "the comment has no end");
  at_ = end + 2;
  if (peek() != '>') return refuse(Rule::well_formed, end, "-- stands inside a comment");
  ++at_;
  return true;
}

bool Scanner::cdata() {
  const auto end = std::string_view(document_, size_).find("]]>", at_ + 9);
  if (end == std::string_view::npos) return refuse(Rule::well_formed, at_, "the CDATA section has no end");
  at_ = end + 3;
  return true;
}

// A reference at the '&' (XML 1.0 section 4.1), ending before `limit`; the entities are the five predefined
// ones.
bool Scanner::reference(std::size_t limit) {
  const std::size_t begin = at_++;
  const std::size_t name_begin = at_;
  if (peek() != '#') {
    while (at_ < limit && is(document_[at_], kNameByte) && at_ - begin <= limits_.name_bytes) ++at_;
    const std::string_view name(document_ + name_begin, at_ - name_begin);
    if (name.empty() || at_ >= limit || document_[at_] != ';') {
      return refuse(Rule::well_formed, begin, "& does not begin a reference; it is written &amp; in text");
    }
    ++at_;
    if (predefined_entity(name) == '\0') {
      return refuse(Rule::forbidden_markup, begin, "an entity other than amp, lt, gt, apos and quot:", name);
    }
    return true;
  }
  const bool hex = peek(1) == 'x';
  at_ += hex ? 2 : 1;
  const std::size_t digits = at_;
  std::uint32_t value = 0;
  for (; at_ < limit; ++at_) {
    const char c = document_[at_];
    const char folded = static_cast<char>(c | 0x20);
    const bool decimal = c >= '0' && c <= '9';
    if (!decimal && !(hex && folded >= 'a' && folded <= 'f')) break;
    value = value * (hex ? 16 : 10) + static_cast<std::uint32_t>(decimal ? c - '0' : folded - 'a' + 10);
    value = std::min<std::uint32_t>(value, 0x110000);  // stays out of range, never wraps
  }
  if (at_ == digits || at_ >= limit || document_[at_] != ';') {
    return refuse(Rule::well_formed, begin, "the character reference is malformed");
  }
  ++at_;
  if (!is_character(value)) {
    return refuse(Rule::well_formed, begin, "the reference is to a character that XML 1.0 does not allow");
  }
  return true;
}

// ---- tags

Scanner::Tag Scanner::end_tag() {
  if (depth_ == 0) return fail(Rule::well_formed, at_, "the document begins with an end tag");
  const Frame& frame = frames_[depth_ - 1];
  const std::size_t bytes = frame.raw_name.size();
  at_ += 2;
  if (size_ - at_ <= bytes || !same_name(std::string_view(document_ + at_, bytes), frame.raw_name)) {
    return fail(Rule::well_formed, tag_begin_,
                "the end tag is not that of the open element:", frame.raw_name);
  }
  at_ += bytes;
  if (document_[at_] != '>') skip_white_space();
  if (peek() != '>') {
    return fail(Rule::well_formed, tag_begin_,
                "the end tag is not that of the open element:", frame.raw_name);
  }
  ++at_;
  name_ = frame.name;
  raw_name_ = frame.raw_name;
  leave_pending_ = true;
  return Tag::end;
}

Scanner::Tag Scanner::start_tag() {
  ++at_;
  if (depth_ >= limits_.depth) return fail(Rule::limit, tag_begin_, "elements are nested too deep");
  Frame& frame = frames_[depth_];
  frame.bindings = static_cast<std::uint16_t>(binding_count_);
  frame.default_namespace = default_namespace_;
  attribute_count_ = 0;
  prefix_bytes_ = 0;
  as_expected_ = expected_name();
  if (as_expected_ && document_[at_] == '>') {
    ++at_;
  } else {
    if (!as_expected_ && !qualified_name(raw_name_, prefix_bytes_)) return Tag::failed;
    if (!rest_of_start_tag() || !element_name()) return Tag::failed;
  }
  frame.raw_name = raw_name_;
  frame.name = name_;
  ++depth_;
  return Tag::start;
}

// The guess of expect(), taken only where the name ends as names do and its prefix means what it meant last.
bool Scanner::expected_name() {
  const std::size_t bytes = last_prefix_.size() + expected_.size();
  if (expected_.empty() || size_ - at_ <= bytes) return false;
  const std::string_view raw(document_ + at_, bytes);
  if (!same_name(raw.substr(last_prefix_.size()), expected_) ||
      !same_name(raw.substr(0, last_prefix_.size()), last_prefix_)) {
    return false;
  }
  const char behind = document_[at_ + bytes];
  if (behind != '>' && behind != '/' && !is(behind, kWhiteSpace)) return false;
  raw_name_ = raw;
  prefix_bytes_ = last_prefix_.empty() ? 0 : last_prefix_.size() - 1;
  name_ = {prefix_bytes_ == 0 ? default_namespace_ : last_namespace_, raw.substr(last_prefix_.size())};
  at_ += bytes;
  return true;
}

// Attributes and namespace declarations up to the '>'.
bool Scanner::rest_of_start_tag() {
  std::size_t declarations = 0;
  for (;;) {
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
                          : refuse(Rule::well_formed, at_, "the start tag is malformed:", raw_name_);
    }
    skip_white_space();
    if (peek() == '>' || peek() == '/') continue;
    if (!one_attribute(declarations)) return false;
    if (at_ - tag_begin_ > limits_.start_tag_bytes) break;
  }
  if (at_ - tag_begin_ > limits_.start_tag_bytes)
    return refuse(Rule::limit, tag_begin_, "the start tag is too long");
  return attribute_count_ == 0 || (bind_attributes() && (attribute_count_ == 1 || unique_attributes()));
}

// The expanded name of the element, by the declarations in scope, its own included.
bool Scanner::element_name() {
  const std::size_t colon = prefix_bytes_ == 0 ? 0 : prefix_bytes_ + 1;
  const std::string_view prefix = raw_name_.substr(0, prefix_bytes_);
  name_ = {default_namespace_, raw_name_.substr(colon)};
  if (prefix_bytes_ != 0) {
    name_.namespace_id = namespace_of_prefix(prefix);
    if (name_.namespace_id == kUnknownNamespace && !bound(prefix)) {
      return refuse(Rule::well_formed, tag_begin_, "the namespace prefix is not declared:", prefix);
    }
    if (prefix == "xmlns") return refuse(Rule::well_formed, tag_begin_, "an element has the prefix xmlns");
  }
  last_prefix_ = raw_name_.substr(0, colon);
  last_namespace_ = name_.namespace_id;
  return true;
}

// NCName (':' NCName)? at the current place (Namespaces in XML section 4).
bool Scanner::qualified_name(std::string_view& raw, std::size_t& prefix_bytes) {
  const char* const begin = document_ + at_;
  const char* const end = document_ + size_;
  const char* part = begin;  // where the current NCName begins
  const char* p = begin;
  for (;;) {
    if (p < end && is(*p, kNameStart)) p = name_end(p, end);
    if (p == part || p >= end || *p != ':' || part != begin) break;
    prefix_bytes = static_cast<std::size_t>(p - begin);
    part = ++p;
  }
  raw = std::string_view(begin, static_cast<std::size_t>(p - begin));
  at_ += raw.size();
  if (raw.size() > limits_.name_bytes)
    return refuse(Rule::limit, at_ - raw.size(), "a name is too long:", raw);
  if (p == part) {
    return p >= end ? refuse(Rule::well_formed, size_, "the document ends inside a tag")
                    : refuse(Rule::well_formed, at_, "a name is expected here");
  }
  return true;
}

bool Scanner::one_attribute(std::size_t& declarations) {
  const std::size_t begin = at_;
  std::string_view raw_name;
  std::size_t prefix_bytes = 0;
  if (!qualified_name(raw_name, prefix_bytes)) return false;
  skip_white_space();
  if (peek() != '=') return refuse(Rule::well_formed, begin, "the attribute has no value:", raw_name);
  ++at_;
  skip_white_space();
  std::string_view value;
  bool plain = true;
  if (!attribute_value(value, plain)) return false;
  const std::string_view prefix = raw_name.substr(0, prefix_bytes);
  if (raw_name == "xmlns" || prefix == "xmlns") {
    if (++declarations > limits_.namespace_declarations) {
      return refuse(Rule::limit, tag_begin_, "the element declares too many namespaces");
    }
    return declare(prefix.empty() ? prefix : raw_name.substr(6), value, plain, begin);
  }
  if (attribute_count_ >= limits_.attributes) {
    return refuse(Rule::limit, tag_begin_, "the element has too many attributes");
  }
  attributes_[attribute_count_++] = {kNoNamespace, static_cast<std::uint16_t>(prefix_bytes), raw_name, value,
                                     plain};
  return true;
}

bool Scanner::attribute_value(std::string_view& value, bool& plain) {
  const char quote = peek();
  if (quote != '"' && quote != '\'')
    return refuse(Rule::well_formed, at_, "an attribute value is not quoted");
  const std::size_t begin = ++at_;
  for (at_ = find_value_stop(document_, at_, size_, quote); at_ < size_ && document_[at_] != quote;
       at_ = find_value_stop(document_, at_, size_, quote)) {
    switch (document_[at_]) {
      case '<':
        return refuse(Rule::well_formed, at_, "< stands in an attribute value; it is written &lt;");
      case '&':
        plain = false;
        if (!reference(size_)) return false;
        break;
      case '\t':
      case '\n':
      case '\r':
        plain = false;
        [[fallthrough]];
      default:
        ++at_;
    }
  }
  if (at_ >= size_) return refuse(Rule::well_formed, begin - 1, "the attribute value has no end");
  value = std::string_view(document_ + begin, at_ - begin);
  ++at_;
  return true;
}

// ---- namespaces

bool Scanner::declare(std::string_view prefix, std::string_view raw_value, bool plain, std::size_t offset) {
  std::string_view uri = raw_value;
  if (!plain) uri = resolved_names_.emplace_back(attribute_text(raw_value));
  const NamespaceId id = namespaces_.id_of(uri);
  const bool reserved = id == kXmlNamespace || id == kXmlnsNamespace;
  if (prefix == "xmlns" || (prefix == "xml") != (id == kXmlNamespace) || (reserved && prefix != "xml")) {
    return refuse(Rule::well_formed, offset, "the prefixes xml and xmlns and their namespaces are reserved");
  }
  if (!prefix.empty() && uri.empty()) {
    return refuse(Rule::well_formed, offset, "a namespace prefix cannot be undeclared:", prefix);
  }
  for (std::size_t i = frames_[depth_].bindings; i < binding_count_; ++i) {
    if (bindings_[i].prefix == prefix)
      return refuse(Rule::well_formed, offset, "a namespace is declared twice:", prefix);
  }
  if (binding_count_ >= Limits::kMostBindings) {
    return refuse(Rule::limit, offset, "too many namespace declarations are in scope");
  }
  forget_prefixes();
  binding_keys_[binding_count_] = prefix_key(prefix);
  bindings_[binding_count_++] = {prefix, uri, id};
  if (prefix.empty()) default_namespace_ = id;
  return true;
}

const Scanner::Binding* Scanner::binding(std::string_view prefix) const {
  const std::uint64_t key = prefix_key(prefix);
  const Binding*& recent = recent_[key % recent_.size()];
  if (recent && same_name(recent->prefix, prefix)) return recent;
  for (std::size_t i = binding_count_; i-- > 0;) {
    if (binding_keys_[i] == key && bindings_[i].prefix == prefix) return recent = &bindings_[i];
  }
  return nullptr;
}

bool Scanner::bind_attributes() {
  for (std::size_t i = 0; i < attribute_count_; ++i) {
    Attribute& attribute = attributes_[i];
    if (attribute.prefix_bytes == 0) continue;
    const std::string_view prefix = attribute.raw_name.substr(0, attribute.prefix_bytes);
    if (!bound(prefix)) {
      return refuse(Rule::well_formed, tag_begin_, "the namespace prefix is not declared:", prefix);
    }
    attribute.namespace_id = namespace_of_prefix(prefix);
  }
  return true;
}

// XML 1.0 section 3.1 and Namespaces in XML section 6.3: no two attributes with one name, written or
// expanded. Local names are compared by their hashes first, so that an element full of attributes costs
// little more than its bytes.
bool Scanner::unique_attributes() {
  RawArray<std::uint32_t, Limits::kMostAttributes> hashes;
  std::array<std::uint64_t, 8>
      seen{};  // a bit for some of each hash: most names are new, and this tells it at once
  for (std::size_t i = 0; i < attribute_count_; ++i) {
    const Attribute& attribute = attributes_[i];
    hashes[i] = hash_of(attribute.local());
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
      const auto uri = [this](const Attribute& a) {
        return binding(a.raw_name.substr(0, a.prefix_bytes))->uri;
      };
      if (attribute.namespace_id != kUnknownNamespace || uri(attribute) == uri(other)) {
        return refuse(Rule::well_formed, tag_begin_, "an attribute stands twice:", attribute.raw_name);
      }
    }
  }
  return true;
}

// ---- values

namespace {

// References resolved and line ends normalised (XML 1.0 section 2.11); CDATA and comments are not looked for.
void append_resolved(std::string& value, std::string_view raw, bool attribute) {
  const std::string_view special = attribute ? "&\r\n\t" : "&\r";
  while (!raw.empty()) {
    const std::size_t plain = std::min(raw.find_first_of(special), raw.size());
    value.append(raw.substr(0, plain));
    raw.remove_prefix(plain);
    if (raw.empty()) return;
    std::size_t read = 1;
    if (raw[0] == '&') {
      const CodePoint character = resolved_reference(raw);
      append_utf8(value, character.value);
      read = character.length;
    } else {
      if (raw.substr(0, 2) == "\r\n") read = 2;
      value += attribute ? ' ' : '\n';
    }
    raw.remove_prefix(read);
  }
}

void append_cdata(std::string& value, std::string_view raw) {
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\r') {
      value += raw[i];
    } else if (i + 1 == raw.size() || raw[i + 1] != '\n') {
      value += '\n';
    }
  }
}

}  // namespace

std::string character_data(const Content& content) {
  std::string_view rest = content.raw;
  if (content.plain()) return std::string(rest);
  std::string value;
  while (!rest.empty()) {
    const auto markup = std::min(rest.find('<'), rest.size());
    append_resolved(value, rest.substr(0, markup), false);
    rest.remove_prefix(markup);
    if (rest.empty()) break;
    const bool comment = rest[2] == '-';
    const auto end = comment ? rest.find("-->", 4) : rest.find("]]>", 9);
    if (!comment) append_cdata(value, rest.substr(9, end - 9));
    rest.remove_prefix(end + 3);
  }
  return value;
}

std::string attribute_text(std::string_view raw_value) {
  std::string value;
  append_resolved(value, raw_value, true);
  return value;
}

}  // namespace sfjwt::soap
