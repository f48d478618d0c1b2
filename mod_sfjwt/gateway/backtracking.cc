// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/backtracking.h"

#include <algorithm>
#include <utility>

namespace sfjwt::gateway {
namespace {

constexpr std::size_t kMaxAlphabet = 16;
constexpr std::size_t kMaxPaired = 8;
constexpr std::size_t kMaxLiterals = 8;
constexpr std::size_t kMaxLiteralBytes = 40;
constexpr std::string_view kMeta = ".*+?|()^$";
constexpr std::string_view kAlways = "a0.-_+";

// What an expression is made of, as far as that can be told without a parser of Perl's expressions: a guess
// that is wrong costs a useless text.
struct Parts {
  std::string alphabet;               // characters that stand for themselves, and one of each usual kind
  std::vector<std::string> literals;  // runs of them, in order
};

void add(std::string& alphabet, char c) {
  if (alphabet.size() < kMaxAlphabet && alphabet.find(c) == std::string::npos) alphabet += c;
}

void add(std::vector<std::string>& list, std::string text, std::size_t most) {
  if (!text.empty() && list.size() < most && std::find(list.begin(), list.end(), text) == list.end())
    list.push_back(std::move(text));
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Where a construct that begins at `i` ends: a class or a counted repetition; `i` itself for all else.
std::size_t end_of_construct(std::string_view expression, std::size_t i) {
  const char closing = expression[i] == '[' ? ']' : expression[i] == '{' ? '}' : '\0';
  if (closing == '\0') return i;
  const auto end = expression.find(closing, i + 2);  // the first character of a class may be ]
  return end == std::string_view::npos ? i : end;
}

Parts parts_of(std::string_view expression) {
  Parts parts;
  std::string run;
  const auto end_run = [&] {
    add(parts.literals, std::exchange(run, {}).substr(0, kMaxLiteralBytes), kMaxLiterals);
  };
  for (const char c : kAlways) add(parts.alphabet, c);
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const std::size_t end = end_of_construct(expression, i);
    for (std::size_t k = i + 1; k < end; ++k)
      if (expression[k] != '\\' && expression[k] != '^') add(parts.alphabet, expression[k]);
    if (end > i || kMeta.find(expression[i]) != std::string_view::npos) {
      end_run();
      i = end;
      continue;
    }
    if (expression[i] == '\\' && ++i < expression.size() && is_alphanumeric(expression[i])) {
      end_run();  // \w, \d and the like
      continue;
    }
    if (i == expression.size()) break;
    run += expression[i];
    if (expression[i] != '@') add(parts.alphabet, expression[i]);
  }
  end_run();
  return parts;
}

// What may have to come before the repetition: each literal, and each with its neighbour.
std::vector<std::string> beginnings(const Parts& parts) {
  std::vector<std::string> list = {""};
  for (std::size_t i = 0; i < parts.literals.size(); ++i) {
    add(list, parts.literals[i], 3 * kMaxLiterals);
    if (i + 1 < parts.literals.size()) add(list, parts.literals[i] + parts.literals[i + 1], 3 * kMaxLiterals);
    if (i + 2 < parts.literals.size()) add(list, parts.literals[i] + parts.literals[i + 2], 3 * kMaxLiterals);
  }
  return list;
}

// What comes behind it: nothing that matches, with and without the domain an expression asks for.
std::vector<std::string> endings(const Parts& parts) {
  std::vector<std::string> list = {"", "!", "@x", "@x!"};
  for (const std::string& literal : parts.literals) {
    const auto at = literal.find('@');
    const std::string domain = at == std::string::npos ? literal : literal.substr(at + 1);
    if (!domain.empty()) add(list, "@" + domain + "!", 4 + kMaxLiterals);
  }
  return list;
}

std::string text_of(std::string_view beginning, std::string_view repeated, std::string_view ending,
                    std::size_t bytes) {
  std::string text(beginning);
  while (text.size() + repeated.size() + ending.size() <= bytes) text += repeated;
  return text += ending;
}

// One repetition before the @, one behind it.
std::string two_sided(const std::string& repeated, std::size_t bytes) {
  return text_of(text_of("", repeated, "@", bytes / 2), repeated, "!", bytes);
}

}  // namespace

std::vector<std::string> backtracking_texts(std::string_view expression, std::size_t bytes) {
  const Parts parts = parts_of(expression);
  const auto begins = beginnings(parts);
  const auto ends = endings(parts);
  std::vector<std::string> texts;

  std::vector<std::string> repeated = parts.literals;
  for (const char c : parts.alphabet) repeated.emplace_back(1, c);
  for (const std::string& unit : repeated) {
    if (unit.find('@') != std::string::npos) continue;
    texts.push_back(two_sided(unit, bytes));
    for (const std::string& begin : begins)
      for (const std::string& end : ends) texts.push_back(text_of(begin, unit, end, bytes));
  }

  const std::string_view paired = std::string_view(parts.alphabet).substr(0, kMaxPaired);
  for (const char first : paired) {
    for (const char second : paired) {
      if (first == second) continue;
      texts.push_back(two_sided({first, second}, bytes));
      for (const char* end : {"!", "@x!"})
        texts.push_back(text_of("", std::string{first, second}, end, bytes));
    }
  }
  for (char c = '!'; c <= '~'; ++c)
    for (const char* end : {" ", "@ "}) texts.push_back(text_of("", {&c, 1}, end, bytes));
  return texts;
}

}  // namespace sfjwt::gateway
