// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/scanner.h"

#include <algorithm>
#include <cassert>

#include "mod_sfjwt/xml/byte_scan.h"
#include "mod_sfjwt/xml/content_reader.h"
#include "mod_sfjwt/xml/prolog.h"
#include "mod_sfjwt/xml/qualified_name.h"

namespace sfjwt::xml {

Scanner::Scanner(std::string_view document, const Namespaces& namespaces, const Limits& limits)
    : cursor_{document.data(), document.size()},
      namespaces_(namespaces),
      limits_(limits.within_room()),
      attributes_(cursor_, scope_, namespaces, limits_) {}

// Whether the next tag can be read now; false if the second half of an empty-element tag comes first.
inline bool Scanner::between_tags() {
  if (pending_ == Pending::leave && depth_ > 1) leave();
  return pending_ == Pending::tag;
}

// White space, which is usually absent.
inline WhitespaceRun Scanner::white_space() const {
  if (cursor_.at < cursor_.size && cursor_.document[cursor_.at] == '<') return {cursor_.at, false};
  return blank_run(cursor_.document, cursor_.at, cursor_.size);
}

// Whether a start tag or an end tag seems to begin here; only a few bytes are looked at.
inline bool Scanner::before_tag(std::size_t at) const {
  const char* const tag = cursor_.document + at;
  return cursor_.size - at > 2 && tag[0] == '<' && tag[1] != '!' && tag[1] != '?';
}

// For content that is only white space, followed by a tag.
inline void Scanner::skip_to_tag(const WhitespaceRun& blank) {
  content_.raw = {cursor_.document + cursor_.at, blank.end - cursor_.at};
  content_.traits = blank.carriage_return ? std::uint8_t{Content::kCarriageReturn} : std::uint8_t{0};
  cursor_.at = tag_begin_ = blank.end;
}

// Before the root element, begin() has already skipped what is allowed there.
bool Scanner::skip_to_tag() {
  if (depth_ == 0) {
    content_ = {{cursor_.document + cursor_.at, 0}, 0};
  } else if (!read_content(cursor_, raw_name(), content_)) {
    return false;
  }
  tag_begin_ = cursor_.at;
  return true;
}

inline void Scanner::open(const char* name, std::uint16_t name_bytes, std::uint16_t prefix_bytes,
                          NamespaceId namespace_id, const NamespaceScope::Mark& outside) {
  assert(room_for_child());
  Frame& element = frames_[depth_++];
  element.name = name;
  element.name_bytes = name_bytes;
  element.prefix_bytes = prefix_bytes;
  element.namespace_id = namespace_id;
  element.outside = outside;
}

Scanner::Tag Scanner::next() {
  if (!between_tags()) return resume();
  const WhitespaceRun blank = white_space();
  if (before_tag(blank.end)) {
    skip_to_tag(blank);
  } else if (!skip_to_tag()) {
    return ended(Tag::failed);
  }
  if (cursor_.peek(1) != '/') return read_start_tag() ? Tag::start : ended(Tag::failed);
  return read_end_tag() ? Tag::end : ended(Tag::failed);
}

// Continues where next() cannot read on as usual: at the start, after an empty or the root element, at the
// end.
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
      return ended(after_root() ? Tag::done : Tag::failed);
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

std::string_view Scanner::namespace_uri() const {
  const Frame& element = innermost();
  if (element.namespace_id != kUnknownNamespace) return namespaces_.uri_of(element.namespace_id);
  const auto* binding = scope_.find(element.prefix());
  return binding ? binding->uri : std::string_view();
}

// ---- before and after the root element

bool Scanner::begin() {
  const auto prolog = read_prolog({cursor_.document, cursor_.size});
  if (!prolog) {
    cursor_.violation = prolog.error();
    return false;
  }
  cursor_.at = *prolog;
  if (!skip_comments()) return false;
  if (cursor_.looking_at("<!DOCTYPE")) return refuse_doctype(cursor_);
  if (cursor_.looking_at("<?")) return refuse_instruction(cursor_);
  if (cursor_.peek() == '<') return true;
  return cursor_.refuse(Rule::well_formed, cursor_.at, "the document does not begin with an element");
}

bool Scanner::after_root() {
  if (!skip_comments()) return false;
  if (cursor_.at == cursor_.size) return true;
  if (cursor_.looking_at("<?")) return refuse_instruction(cursor_);
  return cursor_.refuse(Rule::well_formed, cursor_.at, "something follows the root element");
}

bool Scanner::skip_comments() {
  cursor_.skip_white_space();
  while (cursor_.looking_at("<!--")) {
    if (!read_comment(cursor_)) return false;
    cursor_.skip_white_space();
  }
  return true;
}

// ---- tags

bool Scanner::read_end_tag() {
  if (depth_ == 0)
    return cursor_.refuse(Rule::well_formed, cursor_.at, "the document begins with an end tag");
  const std::string_view name = raw_name();
  empty_element_ = false;
  cursor_.at += 2;
  const char* const rest = cursor_.document + cursor_.at;
  const bool named = cursor_.size - cursor_.at > name.size() && same_bytes(rest, name.data(), name.size());
  if (named) {
    cursor_.at += name.size();
    if (cursor_.document[cursor_.at] != '>') cursor_.skip_white_space();
  }
  if (!named || cursor_.peek() != '>') {
    return cursor_.refuse(Rule::well_formed, tag_begin_,
                          "the end tag is not that of the open element:", name);
  }
  ++cursor_.at;
  pending_ = Pending::leave;
  return true;
}

bool Scanner::read_start_tag() {
  if (!room_for_child()) return cursor_.refuse(Rule::limit, tag_begin_, "elements are nested too deep");
  const NamespaceScope::Mark outside = scope_.mark();
  attributes_.clear();
  ++cursor_.at;
  const auto name = read_qualified_name(cursor_, limits_);
  if (!name) return false;
  const bool bare = cursor_.peek() == '>' || (cursor_.peek() == '/' && cursor_.peek(1) == '>');
  if (!bare && !attributes_.read({tag_begin_, name->text, outside})) return false;
  empty_element_ = cursor_.peek() == '/';
  cursor_.at += empty_element_ ? 2 : 1;
  // With the declarations in scope, including those of this tag.
  const std::string_view prefix = name->text.substr(0, name->prefix_bytes);
  const auto namespace_id = scope_.namespace_of(prefix);
  if (!namespace_id) {
    return cursor_.refuse(Rule::well_formed, tag_begin_, "the namespace prefix is not declared:", prefix);
  }
  open(name->text.data(), static_cast<std::uint16_t>(name->text.size()), name->prefix_bytes, *namespace_id,
       outside);
  pending_ = empty_element_ ? Pending::end_of_empty : Pending::tag;
  return true;
}

bool Scanner::child(std::string_view local) {
  if (!between_tags() || depth_ == 0 || !room_for_child()) return false;
  const Frame& parent = innermost();
  const WhitespaceRun blank = white_space();
  const char* const name = cursor_.document + blank.end + 1;
  const std::size_t prefix_bytes = parent.prefix_bytes == 0 ? 0U : parent.prefix_bytes + 1U;
  const std::size_t name_bytes = prefix_bytes + local.size();
  if (!limits_.allow_name(name_bytes) || cursor_.size - blank.end <= name_bytes + 1 || name[-1] != '<' ||
      name[name_bytes] != '>' || !same_bytes(name + prefix_bytes, local.data(), local.size()) ||
      !same_bytes(name, parent.name, prefix_bytes)) {
    return false;
  }
  skip_to_tag(blank);
  cursor_.at += name_bytes + 2;
  empty_element_ = false;
  attributes_.clear();
  open(name, static_cast<std::uint16_t>(name_bytes), parent.prefix_bytes, parent.namespace_id, scope_.mark());
  return true;
}

// ---- repeated tags

Scanner::StartTag Scanner::start_tag() const {
  return {tag_begin_,
          static_cast<std::uint32_t>(cursor_.at - tag_begin_),
          innermost().outside.scope,
          innermost().name_bytes,
          innermost().prefix_bytes,
          innermost().namespace_id,
          empty_element_,
          attributes_.declares()};
}

Scanner::NextTag Scanner::find_next_tag() {
  constexpr std::size_t kMaxBytes = 256;  // longer ones are seldom repeated
  if (!between_tags()) return {};
  const std::size_t begin = white_space().end;
  if (!before_tag(begin) || cursor_.document[begin + 1] == '/') return {};
  const std::size_t end = find(cursor_.document, begin, std::min(cursor_.size, begin + kMaxBytes), '>');
  if (end == cursor_.size || cursor_.document[end] != '>') return {};
  return {begin, end + 1};
}

Scanner::NextTag Scanner::find_next_tag(const StartTag& like) {
  if (!between_tags() || like.scope != scope_.id()) return {};
  const std::size_t begin = white_space().end;
  if (cursor_.size - begin <= like.bytes || !same_at(like.begin, begin, like.bytes)) return {};
  return {begin, begin + like.bytes};
}

Scanner::Repeated Scanner::read_repeated(const StartTag& tag, NextTag next, bool text_only) {
  assert(next && next.begin >= cursor_.at && same(tag, text_of(next)) && tag.scope == scope_.id());
  if (!room_for_child()) return Repeated::not_read;
  attributes_.clear();
  if (text_only && read_text_element(tag, next)) return Repeated::element;
  if (tag.declares) return Repeated::not_read;
  content_ = {std::string_view(cursor_.document + cursor_.at, next.begin - cursor_.at), 0};
  open(cursor_.document + tag.begin + 1, tag.name_bytes, tag.prefix_bytes, tag.namespace_id, scope_.mark());
  tag_begin_ = next.begin;
  cursor_.at = next.end;
  empty_element_ = tag.empty_element;
  pending_ = empty_element_ ? Pending::end_of_empty : Pending::tag;
  return Repeated::start;
}

inline bool Scanner::read_text_element(const StartTag& tag, NextTag next) {
  if (tag.empty_element) {
    content_ = {};
    tag_begin_ = next.begin;
    cursor_.at = next.end;
    return true;
  }
  const char* const document = cursor_.document;
  const std::size_t size = cursor_.size;
  const std::size_t stop = text_end(document, next.end, size);
  TextRun run{stop, stop == next.end ? std::uint8_t{0} : std::uint8_t{Content::kNotWhiteSpace}, true};
  if (stop < size && document[stop] != '<') run = text_run({document, size}, stop, run.traits);
  const std::size_t end = run.end;
  const std::size_t end_tag_bytes = tag.name_bytes + std::size_t{3};
  if (!run.before_markup || size - end < end_tag_bytes || document[end + 1] != '/' ||
      !same_at(tag.begin + 1, end + 2, tag.name_bytes) || document[end + end_tag_bytes - 1] != '>') {
    return false;
  }
  content_ = {std::string_view(document + next.end, end - next.end), run.traits};
  tag_begin_ = end;
  cursor_.at = end + end_tag_bytes;
  return true;
}

}  // namespace sfjwt::xml
