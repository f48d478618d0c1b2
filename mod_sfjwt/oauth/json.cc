// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/json.h"

#include <charconv>
#include <set>
#include <system_error>
#include <utility>

#include "mod_sfjwt/core/hex.h"
#include "mod_sfjwt/core/utf8.h"

namespace sfjwt::oauth {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Parses one JSON text. Each function returns whether the element it is named after is at the current
// position, and moves the position past it. The recursion is bounded by kMaxJsonDepth.
class Reader {
 public:
  /// `wanted` is the name of a string member of the outermost object whose position is recorded.
  explicit Reader(std::string_view text, std::optional<std::string_view> wanted = {})
      : text_(text), wanted_(wanted) {}

  Result<Done, std::string> whole_text() {
    if (text_.starts_with("\xEF\xBB\xBF")) return Unexpected{std::string("it begins with a byte order mark")};
    white_space();
    if (value(0)) {
      white_space();
      if (at_ == text_.size()) return Done{};
      refuse("there is something after the JSON value");
    }
    return Unexpected{std::string(why_) + " at byte " + std::to_string(at_)};
  }

  std::optional<std::string_view> member() const { return member_; }

 private:
  bool refuse(const char* why) {
    if (!why_) why_ = why;
    return false;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void white_space() {
    while (at_ < text_.size() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
  }

  bool value(std::size_t depth) {
    switch (peek()) {
      case '{':
        return depth < kMaxJsonDepth ? object(depth) : refuse("it is nested too deeply");
      case '[':
        return depth < kMaxJsonDepth ? array(depth) : refuse("it is nested too deeply");
      case '"':
        return string(nullptr);
      case 't':
        return literal("true");
      case 'f':
        return literal("false");
      case 'n':
        return literal("null");
      default:
        return number();
    }
  }

  bool literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return refuse("no JSON value");
    at_ += word.size();
    return true;
  }

  bool array(std::size_t depth) {
    ++at_;
    white_space();
    if (take(']')) return true;
    for (;;) {
      white_space();
      if (!value(depth + 1)) return false;
      white_space();
      if (take(']')) return true;
      if (!take(',')) return refuse("an array that goes on without a comma");
    }
  }

  bool object(std::size_t depth) {
    ++at_;
    white_space();
    if (take('}')) return true;
    std::set<std::string> names;
    for (;;) {
      white_space();
      std::string name;
      if (peek() != '"') return refuse("a member without a name in double quotes");
      if (!string(&name)) return false;
      const bool wanted = depth == 0 && wanted_ == name;
      if (!names.insert(std::move(name)).second) return refuse("a member name a second time");
      white_space();
      if (!take(':')) return refuse("a member name without a colon");
      white_space();
      const std::size_t begin = at_;
      if (!value(depth + 1)) return false;
      if (wanted && text_[begin] == '"') member_ = text_.substr(begin + 1, at_ - begin - 2);
      white_space();
      if (take('}')) return true;
      if (!take(',')) return refuse("an object that goes on without a comma");
    }
  }

  // The unescaped text is stored in `meaning`, unless that is null.
  bool string(std::string* meaning) {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (take('"')) return true;
      if (c == '\\') {
        if (!escape(meaning)) return false;
        continue;
      }
      if (static_cast<unsigned char>(c) < 0x20) return refuse("a raw control character in a string");
      const std::size_t length = utf8_sequence(text_.substr(at_));
      if (length == 0) return refuse("malformed UTF-8");
      if (meaning) meaning->append(text_.substr(at_, length));
      at_ += length;
    }
    return refuse("a string without an end");
  }

  bool escape(std::string* meaning) {
    ++at_;
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const char c = peek();
    if (c == 'u') return unicode_escape(meaning);
    const auto which = at_ < text_.size() ? kLetters.find(c) : std::string_view::npos;
    if (which == std::string_view::npos) return refuse("an unknown escape");
    if (meaning) *meaning += kMeanings[which];
    ++at_;
    return true;
  }

  bool unicode_escape(std::string* meaning) {
    unsigned point = 0;
    if (!four_digits(point)) return false;
    if (point >= 0xDC00 && point <= 0xDFFF) return refuse("a lone surrogate");
    if (point >= 0xD800 && point <= 0xDBFF) {
      unsigned low = 0;
      if (!take('\\') || peek() != 'u' || !four_digits(low)) return refuse("a lone surrogate");
      if (low < 0xDC00 || low > 0xDFFF) return refuse("a lone surrogate");
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    }
    if (meaning) append_utf8(*meaning, point);
    return true;
  }

  bool four_digits(unsigned& unit) {
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_) {
      const auto digit = hex_value(peek());
      if (!digit) return refuse("an unknown escape");
      unit = unit * 16 + *digit;
    }
    return true;
  }

  bool digits() {
    if (!is_digit(peek())) return refuse("no JSON value");
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool number() {
    const std::size_t begin = at_;
    return numeral() &&
           (fits_double(text_.substr(begin, at_ - begin)) || refuse("a number too large or too small"));
  }

  // Parsers read numbers out of range as infinity, as zero or not at all (RFC 7493 section 2.2).
  static bool fits_double(std::string_view numeral) {
    double value = 0;
    return std::from_chars(numeral.data(), numeral.data() + numeral.size(), value).ec == std::errc{};
  }

  bool numeral() {
    take('-');
    if (take('0')) {
      if (is_digit(peek())) return refuse("a number with a leading zero");
    } else if (!digits()) {
      return false;
    }
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  std::string_view text_;
  std::optional<std::string_view> wanted_;
  std::optional<std::string_view> member_;
  std::size_t at_ = 0;
  const char* why_ = nullptr;
};

}  // namespace

Result<Done, std::string> check_json(std::string_view text) {
  return Reader(text).whole_text();
}

std::optional<std::string_view> raw_string_member(std::string_view text, std::string_view name) {
  Reader reader(text, name);
  return reader.whole_text() ? reader.member() : std::nullopt;
}

std::optional<std::string> json_string(std::string_view text) {
  std::string written = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) return std::nullopt;
    const auto byte = static_cast<unsigned char>(text[0]);
    if (byte == '"' || byte == '\\') {
      written += '\\';
      written += text[0];
    } else if (byte < 0x20) {
      written += "\\u00";
      append_hex(written, byte);
    } else {
      written += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  written += '"';
  return written;
}

}  // namespace sfjwt::oauth
