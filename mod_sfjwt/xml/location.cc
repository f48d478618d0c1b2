// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/xml/location.h"

#include <algorithm>
#include <string>
#include <vector>

#include "mod_sfjwt/xml/scanner.h"

namespace sfjwt::xml {
namespace {

constexpr std::size_t kShownNameBytes = 100;
constexpr std::size_t kShownPathSteps = 20;

// A name of the document, shortened if it is long, but never inside a character.
std::string shown(std::string_view name) {
  if (name.size() <= kShownNameBytes) return std::string(name);
  std::size_t end = kShownNameBytes;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return std::string(name.substr(0, end)) + "...";
}

struct Step {
  std::size_t offset;
  std::string_view name;
  unsigned position = 1;  // among the preceding siblings of that name
};

// The elements that are open at `offset`, outermost first, including one whose tag begins or ends there.
std::vector<Step> open_elements(std::string_view document, const Namespaces& namespaces, const Limits& limits,
                                std::size_t offset) {
  Scanner scanner(document, namespaces, limits);
  std::vector<Step> steps;
  for (auto tag = scanner.next(); tag == Scanner::Tag::start || tag == Scanner::Tag::end;
       tag = scanner.next()) {
    const bool beyond = scanner.tag_begin() > offset;
    if (beyond) break;
    if (tag == Scanner::Tag::start) {
      steps.push_back({scanner.tag_begin(), scanner.raw_name()});
    } else if (scanner.tag_begin() == offset || scanner.tag_end() > offset) {
      break;
    } else {
      steps.pop_back();
    }
  }
  return steps;
}

std::string_view local_part(std::string_view raw_name) {
  const auto colon = raw_name.find(':');
  return colon == std::string_view::npos ? raw_name : raw_name.substr(colon + 1);
}

// Counts the preceding siblings of each step with the same name. This takes a second pass, since the names
// are known only after the first.
void count_positions(std::string_view document, const Namespaces& namespaces, const Limits& limits,
                     std::vector<Step>& steps) {
  Scanner scanner(document, namespaces, limits);
  std::size_t entered = 0;
  while (entered < steps.size()) {
    const auto tag = scanner.next();
    if (tag != Scanner::Tag::start && tag != Scanner::Tag::end) return;
    if (tag == Scanner::Tag::end || scanner.depth() != entered + 1) continue;
    Step& step = steps[entered];
    if (scanner.tag_begin() == step.offset) {
      ++entered;
    } else if (scanner.raw_name() == step.name) {
      ++step.position;
    }
  }
}

std::string path_of(const std::vector<Step>& steps) {
  std::string path;
  for (std::size_t i = 0; i < std::min(steps.size(), kShownPathSteps); ++i) {
    path += '/';
    path += shown(local_part(steps[i].name));
    if (steps[i].position > 1) path += '[' + std::to_string(steps[i].position) + ']';
  }
  if (steps.size() > kShownPathSteps) path += "/...";
  return path.empty() ? "/" : path;
}

}  // namespace

LocatedViolation located(std::string_view document, const Namespaces& namespaces, const Limits& limits,
                         const Violation& violation) {
  LocatedViolation error{violation.rule, violation.offset, 1, 1, {}, violation.message};
  if (!violation.name.empty()) error.message += ' ' + shown(violation.name);
  if (!violation.expected.empty()) error.message += "; expected " + shown(violation.expected);
  const std::string_view before = document.substr(0, violation.offset);
  error.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const auto line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const std::string_view line = before.substr(line_begin);
  error.column = 1 + static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
                   return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                 }));
  if (error.line == 1 && line.substr(0, 3) == "\xEF\xBB\xBF") --error.column;
  std::vector<Step> steps = open_elements(document, namespaces, limits, violation.offset);
  count_positions(document, namespaces, limits, steps);
  error.path = path_of(steps);
  return error;
}

}  // namespace sfjwt::xml
