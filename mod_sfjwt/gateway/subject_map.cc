// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/gateway/subject_map.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/subject.h"

namespace sfjwt::gateway {
namespace {

constexpr std::uintmax_t kMaxFileBytes = 16 * 1024 * 1024;
constexpr std::string_view kBlanks = " \t";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What is wrong with a line, nothing if it was added. Names are not repeated: the message goes to a log.
const char* add_line(std::string_view line, const BackendFamily& backend,
                     std::unordered_map<std::string, std::string>& users) {
  const auto gap = line.find_first_of(kBlanks);
  if (gap == std::string_view::npos) return "two names are expected, a subject and the user it stands for";
  auto subject = normal_subject(line.substr(0, gap), backend);
  auto user = normal_subject(line.substr(gap), backend);
  if (!subject) return "the first name is not an e-mail address";
  if (!user) return "the rest of the line is not one name in the form of an e-mail address";
  if (!users.emplace(std::move(*subject), std::move(*user)).second) return "this subject has a line already";
  return nullptr;
}

}  // namespace

Result<SubjectTable, std::string> SubjectTable::parse(std::string_view text, const BackendFamily& backend) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // some editors write it
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return Unexpected{std::string("line 1: the file is UTF-16; save it as UTF-8")};
  SubjectTable table;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.empty() || line.front() == '#') continue;
    if (const char* why = add_line(line, backend, table.users_))
      return Unexpected{"line " + std::to_string(number) + ": " + why};
  }
  return table;
}

Result<SubjectTable, std::string> SubjectTable::read(const std::string& file, const BackendFamily& backend) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(file, failure)) return Unexpected{file + ": is not a file"};
  if (std::filesystem::file_size(file, failure) > kMaxFileBytes)
    return Unexpected{file + ": is larger than 16 MB"};
  std::ifstream stream(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream) return Unexpected{file + ": cannot be read"};
  auto table = parse(text, backend);
  if (!table) return Unexpected{file + ", " + table.error()};
  return table;
}

const std::string* SubjectTable::find(std::string_view subject) const {
  const auto found = users_.find(std::string(subject));
  return found == users_.end() ? nullptr : &found->second;
}

Result<Replacement, std::string> Replacement::compile(std::string_view text, std::size_t groups) {
  Replacement replacement;
  std::string literal;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$') {
      literal += text[i];
      continue;
    }
    const char next = ++i < text.size() ? text[i] : '\0';
    if (next == '$') {
      literal += '$';
      continue;
    }
    if (!is_digit(next)) return Unexpected{std::string("a $ must be followed by a digit or another $")};
    const auto group = static_cast<std::size_t>(next - '0');
    if (group > groups) {
      return Unexpected{std::string("$") + next + " refers to no group: the expression has " +
                        std::to_string(groups) + " groups"};
    }
    replacement.pieces_.push_back({std::exchange(literal, {}), group});
  }
  replacement.pieces_.push_back({std::move(literal), {}});
  return replacement;
}

std::string Replacement::filled(const std::vector<std::string>& groups) const {
  std::string text;
  for (const Piece& piece : pieces_) {
    text += piece.text;
    if (piece.group) text += groups[*piece.group];
  }
  return text;
}

Result<std::string, Refusal> mapped(const std::vector<MapRule>& rules, std::string_view subject,
                                    const BackendFamily& backend) {
  for (const MapRule& rule : rules) {
    if (rule.table) {
      if (const std::string* user = rule.table->find(subject)) return *user;
    } else if (rule.pattern) {
      const Match match = rule.pattern->match(subject);
      switch (match.result) {
        case Match::Result::matched:
          return rule.replacement.filled(match.groups);
        case Match::Result::no_match:
          continue;
        case Match::Result::error:
          return Unexpected{rule_undecided("SFJwtSubjectMap (" + rule.place + ")", match.error)};
      }
    }
  }
  return Unexpected{
      Refusal{Reason::subject_unmapped,
              "The gateway has no " + std::string(backend.name) + " user for the name in the request.",
              {}}};
}

Result<std::string, Refusal> user_named(std::string_view text, const std::vector<MapRule>& map,
                                        const BackendFamily& backend) {
  auto subject = normal_subject(text, backend);
  if (!subject || map.empty()) return subject;
  auto user = mapped(map, *subject, backend);
  if (!user) return user;
  auto normal = normal_subject(*user, backend);
  if (!normal) {
    return Unexpected{Refusal{Reason::subject_unmapped,
                              "SFJwtSubjectMap maps this user to something that is not the name of a " +
                                  std::string(backend.name) + " user.",
                              {}}};
  }
  return normal;
}

}  // namespace sfjwt::gateway
