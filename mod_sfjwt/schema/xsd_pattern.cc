// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/xsd_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

#include "mod_sfjwt/core/owned.h"

namespace sfjwt::schema {
namespace {

using Translated = Result<std::string, std::string>;

// The characters of \i and \c (appendix F), by the names of XML 1.0 (fifth edition), for use in a class of
// PCRE2.
constexpr std::string_view kNameStarts =
    ":A-Z_a-z\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{2FF}\\x{370}-\\x{37D}\\x{37F}-\\x{1FFF}\\x{200C}"
    "\\x{200D}\\x{2070}-\\x{218F}\\x{2C00}-\\x{2FEF}\\x{3001}-\\x{D7FF}\\x{F900}-\\x{FDCF}\\x{FDF0}-\\x{FFFD}"
    "\\x{10000}-\\x{EFFFF}";
constexpr std::string_view kMoreOfNames = "\\-.0-9\\x{B7}\\x{300}-\\x{36F}\\x{203F}\\x{2040}";

bool one_of(char c, std::string_view characters) {
  return c != '\0' && characters.find(c) != std::string_view::npos;
}

// Translates an expression for PCRE2. XML Schema has no anchors and no groups other than (...), and its \s
// and \w differ from those of PCRE2: what PCRE2 would interpret differently is rewritten or refused.
class Translation {
 public:
  explicit Translation(std::string_view expression) : expression_(expression) {}

  Translated run() {
    for (; at_ < expression_.size() && problem_.empty(); ++at_) {
      const char c = expression_[at_];
      if (c == '\\') {
        escape();
      } else if (in_class_) {
        inside_class(c);
      } else {
        outside_class(c);
      }
    }
    if (!problem_.empty()) return Unexpected{problem_};
    return std::move(pcre_);
  }

 private:
  char next() const { return at_ + 1 < expression_.size() ? expression_[at_ + 1] : '\0'; }

  void escape() {
    const char c = next();
    const bool property = c == 'p' || c == 'P';
    const bool block = property && expression_.substr(at_ + 2, 3) == "{Is";
    if (block || !one_of(c, "nrt\\|.-^?*+{}()[]pPsSdDwWiIcC$") || (in_class_ && one_of(c, "SwWIC"))) {
      problem_ = block ? "\\p{Is...}" : std::string("\\") + (c == '\0' ? "" : std::string(1, c));
      return;
    }
    if (property) return category();
    ++at_;
    switch (c) {
      case 's':
        pcre_ += in_class_ ? " \\t\\n\\r" : "[ \\t\\n\\r]";
        break;
      case 'S':
        pcre_ += "[^ \\t\\n\\r]";
        break;
      case 'w':
        pcre_ += "[^\\p{P}\\p{Z}\\p{C}]";
        break;
      case 'W':
        pcre_ += "[\\p{P}\\p{Z}\\p{C}]";
        break;
      case 'i':
      case 'I':
      case 'c':
      case 'C':
        name_class(c);
        break;
      default:
        (pcre_ += '\\') += c;
        break;
    }
  }

  // \i \I \c \C
  void name_class(char c) {
    if (in_class_ && pcre_.ends_with('-')) problem_ = std::string("a range up to \\") + c;
    if (!in_class_) pcre_ += one_of(c, "IC") ? "[^" : "[";
    pcre_ += kNameStarts;
    if (one_of(c, "cC")) pcre_ += kMoreOfNames;
    if (!in_class_) pcre_ += ']';
  }

  // \p{L}, \P{Nd}
  void category() {
    const auto end = expression_.find('}', at_);
    if (expression_.substr(at_ + 2, 1) != "{" || end == std::string_view::npos) {
      problem_ = "\\p without a category";
      return;
    }
    pcre_ += expression_.substr(at_, end + 1 - at_);
    at_ = end;
  }

  void inside_class(char c) {
    if (c == '-' && next() == '[') return subtract();
    if (c == '[') problem_ = "[ within a class";
    pcre_ += c;
    if (c != ']') return;
    in_class_ = false;
    while (!minuends_.empty() && problem_.empty()) end_subtraction();
  }

  // [a-z-[aeiou]] matches what is in the first class but not in the second: (?:(?![aeiou])[a-z])
  void subtract() {
    ++at_;
    minuends_.push_back(pcre_.substr(class_begin_) + ']');
    pcre_.resize(class_begin_);
    pcre_ += "(?:(?![";
    begin_class();
  }

  void end_subtraction() {
    if (next() != ']') {
      problem_ = "something behind a class subtraction";
      return;
    }
    ++at_;
    (pcre_ += ')') += minuends_.back();
    pcre_ += ')';
    minuends_.pop_back();
  }

  void outside_class(char c) {
    if (one_of(c, "^$")) pcre_ += '\\';
    pcre_ += c;
    if (c == '[') return begin_class();
    if (c == '(' && one_of(next(), "?*")) problem_ = std::string("(") + next();
    if (one_of(c, "]}")) problem_ = std::string(1, c) + " alone";
    if (c == '{' && !quantity()) problem_ = "{ without a quantity";
    // After a quantifier PCRE2 would read these as possessive or lazy.
    if (one_of(expression_[at_], "*+?}") && one_of(next(), "*+?{")) problem_ = "a quantifier of a quantifier";
  }

  void begin_class() {
    in_class_ = true;
    class_begin_ = pcre_.size() - 1;
    if (next() == '^') {
      pcre_ += '^';
      ++at_;
    }
    if (next() == ']') problem_ = "an empty class";
  }

  // n} or n,} or n,m} after the brace (appendix F, production quantity).
  bool quantity() {
    const auto end = expression_.find('}', at_);
    if (end == std::string_view::npos) return false;
    const std::string_view inside = expression_.substr(at_ + 1, end - at_ - 1);
    const auto comma = std::min(inside.find(','), inside.size());
    const auto digits = [](std::string_view text) {
      return text.find_first_not_of("0123456789") == std::string_view::npos;
    };
    if (comma == 0 || !digits(inside.substr(0, comma))) return false;
    if (comma < inside.size() && !digits(inside.substr(comma + 1))) return false;
    pcre_ += inside;
    pcre_ += '}';
    at_ = end;
    return true;
  }

  const std::string_view expression_;
  std::size_t at_ = 0;
  bool in_class_ = false;
  std::size_t class_begin_ = 0;        // start of the current class in pcre_
  std::vector<std::string> minuends_;  // classes that others are subtracted from, innermost last
  std::string pcre_;
  std::string problem_;
};

}  // namespace

struct XsdPattern::Code {
  Owned<pcre2_code, pcre2_code_free> code;
};

Result<XsdPattern, std::string> XsdPattern::compile(std::string_view expression) {
  const Translated pcre = Translation(expression).run();
  if (!pcre) return Unexpected{"the pattern uses " + pcre.error() + ", which is not supported"};
  Owned<pcre2_compile_context, pcre2_compile_context_free> options{pcre2_compile_context_create(nullptr)};
  pcre2_set_newline(options.get(), PCRE2_NEWLINE_ANYCRLF);  // '.' matches neither CR nor LF
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto code = std::make_shared<Code>();
  code->code.reset(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pcre->data()), pcre->size(),
                    PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF | PCRE2_UCP | PCRE2_NO_AUTO_CAPTURE,
                    &error, &offset, options.get()));
  if (!code->code) {
    PCRE2_UCHAR text[256] = {};
    pcre2_get_error_message(error, text, sizeof text);
    return Unexpected{"the pattern cannot be read: " + std::string(reinterpret_cast<const char*>(text))};
  }
  return XsdPattern(std::move(code));
}

// Linear in the text, so that only the pattern can cause a limit to be reached. A reasonable pattern needs
// one to seven steps per character, and some hundred bytes per repetition of a group.
XsdPattern::Match XsdPattern::match(std::string_view text) const {
  const Owned<pcre2_match_data, pcre2_match_data_free> data{pcre2_match_data_create(1, nullptr)};
  const Owned<pcre2_match_context, pcre2_match_context_free> limits{pcre2_match_context_create(nullptr)};
  if (!data || !limits) throw std::bad_alloc();
  constexpr std::size_t kMaxLimit = 1'000'000'000;
  pcre2_set_match_limit(limits.get(),
                        static_cast<std::uint32_t>(std::min(100'000 + 20 * text.size(), kMaxLimit)));
  pcre2_set_heap_limit(limits.get(), 64 * 1024);  // KiB
  // Older versions of PCRE2 do not accept a null pointer, even with length 0.
  const int result =
      pcre2_match(code_->code.get(), reinterpret_cast<PCRE2_SPTR>(text.empty() ? "" : text.data()),
                  text.size(), 0, PCRE2_NO_UTF_CHECK, data.get(), limits.get());
  if (result == PCRE2_ERROR_NOMEMORY) throw std::bad_alloc();
  if (result == PCRE2_ERROR_NOMATCH) return Match::no_match;
  return result < 0 ? Match::error : Match::matched;
}

}  // namespace sfjwt::schema
