// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/lexical.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "mod_sfjwt/schema/decimal.h"
#include "mod_sfjwt/xml/characters.h"

namespace sfjwt::schema {
namespace {

constexpr bool digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads a text from the left; each step returns whether it succeeded.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  bool end() const { return rest_.empty(); }
  bool sees(char c) const { return !rest_.empty() && rest_[0] == c; }
  bool skip(char c) {
    if (!sees(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_sign() {
    if (sees('-') || sees('+')) rest_.remove_prefix(1);
  }
  std::size_t digits() {
    std::size_t count = 0;
    while (count < rest_.size() && digit(rest_[count])) ++count;
    rest_.remove_prefix(count);
    return count;
  }
  // A decimal number: an optional sign, and digits with an optional point, which can also come first or last.
  bool number() {
    skip_sign();
    const std::size_t whole = digits();
    const std::size_t fraction = skip('.') ? digits() : 0;
    return whole + fraction > 0;
  }
  // Two digits as a number within bounds.
  bool two(int least, int most) {
    if (rest_.size() < 2 || !digit(rest_[0]) || !digit(rest_[1])) return false;
    last_ = (rest_[0] - '0') * 10 + (rest_[1] - '0');
    rest_.remove_prefix(2);
    return last_ >= least && last_ <= most;
  }
  // '-'? and four digits or more without superfluous leading zeros; there is no year 0000 (section 3.2.7.1).
  // Leap years repeat every 400 years, so that there is no largest year.
  bool year() {
    skip('-');
    const std::string_view text = rest_;
    const std::size_t count = digits();
    if (count < 4 || (count > 4 && text[0] == '0')) return false;
    bool zero = true;
    for (const char c : text.substr(0, count)) {
      year_in_cycle_ = (year_in_cycle_ * 10 + (c - '0')) % 400;
      zero = zero && c == '0';
    }
    return !zero;
  }
  bool month() {
    if (!two(1, 12)) return false;
    month_ = last_;
    return true;
  }
  bool day_of_month() {
    if (!two(1, 31)) return false;
    return last_ <= days_in_month();
  }
  // hh ':' mm ':' ss ('.' s+)?; 24:00:00 is the end of a day.
  bool time_of_day() {
    if (!two(0, 24)) return false;
    const bool midnight = last_ == 24;
    if (!skip(':') || !two(0, 59)) return false;
    const bool minutes = last_ != 0;
    if (!skip(':') || !two(0, 59)) return false;
    bool more = minutes || last_ != 0;
    if (skip('.')) {
      const std::string_view text = rest_;
      const std::size_t count = digits();
      if (count == 0) return false;
      more = more || text.substr(0, count).find_first_not_of('0') != std::string_view::npos;
    }
    return !midnight || !more;
  }
  // An optional time zone at the end of the text.
  bool zone_and_end() {
    if (end()) return true;
    if (skip('Z')) return end();
    if (!sees('+') && !sees('-')) return false;
    rest_.remove_prefix(1);
    if (!two(0, 14)) return false;
    const bool most = last_ == 14;
    return skip(':') && two(0, most ? 0 : 59) && end();
  }

 private:
  int days_in_month() const {
    constexpr std::array<int, 13> kDays = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year_in_cycle_ % 4 == 0 && (year_in_cycle_ % 100 != 0 || year_in_cycle_ == 0);
    return month_ == 2 && !leap ? 28 : kDays[static_cast<std::size_t>(month_)];
  }

  std::string_view rest_;
  int last_ = 0;
  int year_in_cycle_ = 0;  // modulo 400; 0, a leap year, if there is no year
  int month_ = 1;
};

enum : std::uint8_t { kNoDigit = 0xFF };

constexpr std::array<std::uint8_t, 256> base64_values() {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = kNoDigit;
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> kBase64Values = base64_values();

}  // namespace

bool is_decimal_number(std::string_view text) {
  Reader reader(text);
  return reader.number() && reader.end();
}

bool is_integer(std::string_view text) {
  Reader reader(text);
  reader.skip_sign();
  return reader.digits() > 0 && reader.end();
}

bool is_integer_between(std::string_view text, std::string_view least, std::string_view most) {
  if (!is_integer(text)) return false;
  // Fewer digits than the bound: within range, except that a sign is wrong for an unsigned type.
  if (digit(text[0]) && text.size() < most.size()) return true;
  return compare_decimals(text, least) >= 0 && compare_decimals(text, most) <= 0;
}

bool is_floating_point(std::string_view text) {
  Reader reader(text);
  if (!reader.number()) return text == "INF" || text == "-INF" || text == "NaN";
  if (!reader.skip('e') && !reader.skip('E')) return reader.end();
  reader.skip_sign();
  return reader.digits() > 0 && reader.end();
}

// '-'? 'P' (nY)? (nM)? (nD)? ('T' (nH)? (nM)? (n('.'n)?S)?)? with at least one part, and at least one after a
// 'T'.
bool is_duration(std::string_view text) {
  Reader reader(text);
  reader.skip('-');
  if (!reader.skip('P')) return false;
  const auto parts = [&reader](std::string_view designators, bool seconds) {
    int count = 0;
    std::size_t next = 0;
    while (!reader.end() && !reader.sees('T')) {
      if (reader.digits() == 0) return -1;
      const bool fraction = seconds && reader.skip('.');
      if (fraction && reader.digits() == 0) return -1;
      while (next < designators.size() && !reader.sees(designators[next])) ++next;
      if (next == designators.size() || (fraction && designators[next] != 'S')) return -1;
      reader.skip(designators[next++]);
      ++count;
    }
    return count;
  };
  const int days = parts("YMD", false);
  if (days < 0) return false;
  if (!reader.skip('T')) return days > 0 && reader.end();
  return parts("HMS", true) > 0 && reader.end();
}

bool is_date_time(std::string_view text) {
  Reader reader(text);
  return reader.year() && reader.skip('-') && reader.month() && reader.skip('-') && reader.day_of_month() &&
         reader.skip('T') && reader.time_of_day() && reader.zone_and_end();
}

bool is_time(std::string_view text) {
  Reader reader(text);
  return reader.time_of_day() && reader.zone_and_end();
}

bool is_date(std::string_view text) {
  Reader reader(text);
  return reader.year() && reader.skip('-') && reader.month() && reader.skip('-') && reader.day_of_month() &&
         reader.zone_and_end();
}

bool is_g_year_month(std::string_view text) {
  Reader reader(text);
  return reader.year() && reader.skip('-') && reader.month() && reader.zone_and_end();
}

bool is_g_year(std::string_view text) {
  Reader reader(text);
  return reader.year() && reader.zone_and_end();
}

bool is_g_month_day(std::string_view text) {
  Reader reader(text);
  return reader.skip('-') && reader.skip('-') && reader.month() && reader.skip('-') &&
         reader.day_of_month() && reader.zone_and_end();
}

bool is_g_day(std::string_view text) {
  Reader reader(text);
  return reader.skip('-') && reader.skip('-') && reader.skip('-') && reader.two(1, 31) &&
         reader.zone_and_end();
}

bool is_g_month(std::string_view text) {
  Reader reader(text);
  return reader.skip('-') && reader.skip('-') && reader.month() && reader.zone_and_end();
}

bool is_hex_binary(std::string_view text) {
  return text.size() % 2 == 0 && std::all_of(text.begin(), text.end(), [](char c) {
           return digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
         });
}

// Groups of four characters with padding only in the last one, whose unused bits must be zero (section
// 3.2.16; RFC 2045 section 6.8).
bool is_base64_binary(std::string_view text) {
  unsigned in_group = 0;
  unsigned padding = 0;
  std::uint8_t last = 0;
  std::size_t i = 0;
  for (;;) {
    // Four at a time as long as there is no white space; a single invalid byte makes the whole sum invalid.
    while (in_group == 0 && padding == 0 && text.size() - i >= 4) {
      const auto value = [&](std::size_t k) {
        return kBase64Values[static_cast<unsigned char>(text[i + k])];
      };
      if ((value(0) | value(1) | value(2) | value(3)) & 0x80) break;
      i += 4;
    }
    if (i == text.size()) break;
    const char c = text[i++];
    if (xml::is(c, xml::kWhiteSpace)) continue;
    const std::uint8_t value = kBase64Values[static_cast<unsigned char>(c)];
    if (c == '=') {
      if (in_group < 2) return false;
      const std::uint8_t unused = in_group + padding == 2 ? 0x0F : 0x03;
      if (padding == 0 && (last & unused) != 0) return false;
      ++padding;
    } else if (value == kNoDigit || padding != 0) {
      return false;
    } else {
      last = value;
    }
    if (c != '=') ++in_group;
    if (in_group + padding > 4) return false;
    if (in_group == 4) in_group = 0;
  }
  return in_group + padding == 0 || in_group + padding == 4;
}

// [a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*
bool is_language(std::string_view text) {
  for (bool first = true;; first = false) {
    const auto part = text.substr(0, text.find('-'));
    const bool fits =
        !part.empty() && part.size() <= 8 && std::all_of(part.begin(), part.end(), [first](char c) {
          return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (!first && digit(c));
        });
    if (!fits) return false;
    if (part.size() == text.size()) return true;
    text.remove_prefix(part.size() + 1);
  }
}

bool is_nm_token(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const xml::CodePoint character = xml::code_point_at(text.data() + i);
    if (character.value != ':' && !xml::is_name_character(character.value)) return false;
    i += character.length;
  }
  return !text.empty();
}

bool is_name(std::string_view text) {
  if (!is_nm_token(text)) return false;
  const char32_t first = xml::code_point_at(text.data()).value;
  return first == ':' || xml::is_name_start(first);
}

bool is_nc_name(std::string_view text) {
  return is_name(text) && text.find(':') == std::string_view::npos;
}

bool is_q_name(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return is_nc_name(text);
  return is_nc_name(text.substr(0, colon)) && is_nc_name(text.substr(colon + 1));
}

}  // namespace sfjwt::schema
