// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/content_reader.h"

#include "mod_sfjwt/xml/byte_scan.h"
#include "mod_sfjwt/xml/characters.h"
#include "mod_sfjwt/xml/qualified_name.h"

namespace sfjwt::xml {
namespace {

bool read_cdata(Cursor& cursor) {
  const std::size_t end = find(cursor.document, cursor.at + 9, cursor.size, "]]>");
  if (end == cursor.size) return cursor.refuse(Rule::well_formed, cursor.at, "the CDATA section has no end");
  cursor.at = end + 3;
  return true;
}

bool read_markup(Cursor& cursor) {
  if (cursor.looking_at("<!--")) return read_comment(cursor);
  if (cursor.looking_at("<![CDATA[")) return read_cdata(cursor);
  if (cursor.looking_at("<?")) return refuse_instruction(cursor);
  if (cursor.looking_at("<!DOCTYPE")) return refuse_doctype(cursor);
  return cursor.refuse(Rule::well_formed, cursor.at, "<! begins neither a comment nor a CDATA section");
}

bool refuse_text(Cursor& cursor, std::string_view element) {
  if (cursor.at >= cursor.size) {
    return cursor.refuse(Rule::well_formed, cursor.size, "the document ends inside an element:", element);
  }
  if (cursor.document[cursor.at] == '&') return refuse_reference(cursor);
  return cursor.refuse(Rule::well_formed, cursor.at, "]]> appears outside a CDATA section");
}

}  // namespace

TextRun text_run(std::string_view document, std::size_t at, std::uint8_t traits) {
  const std::size_t size = document.size();
  while (at < size) {
    const char c = document[at];
    if (c == '<') return {at, traits, true};
    if (c == '\r' && (traits & Content::kNotWhiteSpace) != 0) {
      traits |= Content::kCarriageReturn;
      ++at;
      continue;
    }
    if (is(c, kWhiteSpace) && (traits & Content::kNotWhiteSpace) == 0) {
      const WhitespaceRun run = blank_run(document.data(), at, size);
      if (run.carriage_return) traits |= Content::kCarriageReturn;
      at = run.end;
      continue;
    }
    traits |= Content::kNotWhiteSpace;
    if (c == '&') {
      const std::size_t end = reference_end(document, at);
      if (end == 0) break;
      traits |= Content::kReference;
      at = end;
    } else if (c == ']') {
      const std::size_t first = at;
      while (at < size && document[at] == ']') ++at;
      if (at - first < 2 || at == size || document[at] != '>') continue;
      at -= 2;
      break;
    } else {
      at = text_end(document.data(), at, size);
    }
  }
  return {at, traits, false};
}

bool read_content(Cursor& cursor, std::string_view element, Content& content) {
  const std::size_t begin = cursor.at;
  std::uint8_t traits = 0;
  for (;;) {
    const TextRun run = text_run({cursor.document, cursor.size}, cursor.at, traits);
    cursor.at = run.end;
    traits = run.traits;
    if (!run.before_markup) return refuse_text(cursor, element);
    const char behind = cursor.peek(1);
    if (behind != '!' && behind != '?') break;
    const bool cdata = behind == '!' && cursor.peek(2) == '[';
    traits |=
        cdata ? std::uint8_t{Content::kCdata | Content::kNotWhiteSpace} : std::uint8_t{Content::kComment};
    if (!read_markup(cursor)) return false;
  }
  content = {std::string_view(cursor.document + begin, cursor.at - begin), traits};
  return true;
}

// "--" ends a comment and must be followed by ">".
bool read_comment(Cursor& cursor) {
  const std::size_t end = find(cursor.document, cursor.at + 4, cursor.size, "--");
  if (end == cursor.size) return cursor.refuse(Rule::well_formed, cursor.at, "the comment has no end");
  if (end + 2 == cursor.size || cursor.document[end + 2] != '>')
    return cursor.refuse(Rule::well_formed, end, "a comment contains --");
  cursor.at = end + 3;
  return true;
}

bool refuse_reference(Cursor& cursor) {
  const std::string_view behind = cursor.rest().substr(1);
  if (behind.starts_with('#')) {
    const bool hex = behind.substr(1).starts_with('x');
    const auto digits = behind.substr(hex ? 2 : 1);
    const auto end = digits.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789");
    const bool complete = end != 0 && end != std::string_view::npos && digits[end] == ';';
    return cursor.refuse(Rule::well_formed, cursor.at,
                         complete ? "the reference is to a character that XML 1.0 does not allow"
                                  : "the character reference is malformed");
  }
  const auto* const end = nc_name_end(behind.data(), behind.data() + behind.size());
  const auto name = behind.substr(0, static_cast<std::size_t>(end - behind.data()));
  if (name.empty() || !behind.substr(name.size()).starts_with(';')) {
    return cursor.refuse(Rule::well_formed, cursor.at, "& does not begin a reference; write &amp; in text");
  }
  return cursor.refuse(Rule::forbidden_markup, cursor.at,
                       "an entity other than amp, lt, gt, apos and quot:", name);
}

bool refuse_instruction(Cursor& cursor) {
  return cursor.refuse(Rule::forbidden_markup, cursor.at, "processing instructions are not accepted");
}

bool refuse_doctype(Cursor& cursor) {
  return cursor.refuse(Rule::forbidden_markup, cursor.at, "a DOCTYPE is not accepted");
}

}  // namespace sfjwt::xml
