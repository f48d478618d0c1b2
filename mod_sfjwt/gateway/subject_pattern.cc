// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/subject_pattern.h"

#include <algorithm>

namespace sfjwt::gateway {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Escapes that mean no character with an @ among them: word characters, digits, blanks, and places in the
// text. Behind a backslash, a letter or digit that is not among these may stand for anything.
bool is_escape_without_at(char c) {
  return std::string_view("wdshvbBAzZ").find(c) != std::string_view::npos ||
         (!is_alphanumeric(c) && c != '@');
}

// Behind the character class that begins here, or at the end.
std::size_t after_class(std::string_view expression, std::size_t i) {
  ++i;
  if (i < expression.size() && expression[i] == '^') ++i;
  if (i < expression.size() && expression[i] == ']') ++i;
  for (; i < expression.size(); ++i) {
    if (expression[i] == '\\')
      ++i;
    else if (expression[i] == ']')
      return i + 1;
  }
  return expression.size();
}

bool may_end_label(char before, bool escaped) {
  return before == ')' || (is_alphanumeric(before) && !escaped);
}

bool may_begin_label(std::string_view rest) {
  return !rest.empty() && (is_alphanumeric(rest[0]) || (rest[0] == '(' && !rest.starts_with("(?")));
}

}  // namespace

std::optional<std::string> with_literal_dots(std::string_view expression) {
  if (expression.find("\\Q") != std::string_view::npos) return std::nullopt;
  std::string literal;
  bool after_at = false;
  bool after_escape = false;  // the character before is the second one of an escape
  bool found = false;
  for (std::size_t i = 0; i < expression.size();) {
    std::size_t next = i + 1;
    const char c = expression[i];
    if (c == '[') next = after_class(expression, i);
    if (c == '\\') next = std::min(i + 2, expression.size());
    if (c == '@') after_at = true;
    const bool of_host = c == '.' && after_at && may_end_label(expression[i - 1], after_escape) &&
                         may_begin_label(expression.substr(next));
    const std::string_view part = expression.substr(i, next - i);
    literal += of_host || part == "\\." ? "[.]" : part;
    found = found || of_host;
    after_escape = c == '\\';
    i = next;
  }
  if (!found) return std::nullopt;
  return literal;
}

bool never_matches_subject(std::string_view expression) {
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '@' || c == '.' || c == '[' || expression.substr(i, 2) == "(?" ||
        expression.substr(i, 2) == "(*")
      return false;
    if (c == '\\' && (++i == expression.size() || !is_escape_without_at(expression[i]))) return false;
  }
  return true;
}

}  // namespace sfjwt::gateway
