// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/schema/decimal.h"

#include <algorithm>

namespace sfjwt::schema {
namespace {

std::string_view without_leading_zeros(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

int compare_magnitudes(const Decimal& a, const Decimal& b) {
  if (a.whole.size() != b.whole.size()) return a.whole.size() < b.whole.size() ? -1 : 1;
  if (const int order = a.whole.compare(b.whole)) return order;
  return a.fraction.compare(b.fraction);
}

}  // namespace

Decimal::Decimal(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const auto point = std::min(text.find('.'), text.size());
  whole = without_leading_zeros(text.substr(0, point));
  if (point < text.size()) fraction = text.substr(point + 1);
  fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
  if (whole.empty() && fraction.empty()) negative = false;
}

int compare_decimals(std::string_view a, std::string_view b) {
  const Decimal left(a);
  const Decimal right(b);
  if (left.negative != right.negative) return left.negative ? -1 : 1;
  const int order = compare_magnitudes(left, right);
  return left.negative ? -order : order;
}

}  // namespace sfjwt::schema
