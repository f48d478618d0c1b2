// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/gateway/backend_family.h"
#include "mod_sfjwt/gateway/pattern.h"
#include "mod_sfjwt/gateway/refusal.h"

namespace sfjwt::gateway {

/// A table of subjects and the users of the backend that stand for them, a pair a line, two names with white
/// space between them; blank lines and lines that begin with # are skipped. Every name has the form of a
/// subject, and none stands on the left twice. Immutable.
class SubjectTable {
 public:
  /// The error is "line 3: why".
  static Result<SubjectTable, std::string> parse(std::string_view text, const BackendFamily& backend);
  /// Reads a regular file of at most 16 MB. The error names the file, and the line if it is one's fault.
  static Result<SubjectTable, std::string> read(const std::string& file, const BackendFamily& backend);

  /// Null if the subject, in normal form, is not in it.
  const std::string* find(std::string_view subject) const;

 private:
  std::unordered_map<std::string, std::string> users_;
};

/// A text in which $1 to $9 stand for the groups of a pattern, $0 for all it matched, $$ for a dollar.
class Replacement {
 public:
  /// The error says what is wrong with the text for a pattern with so many groups.
  static Result<Replacement, std::string> compile(std::string_view text, std::size_t groups);
  std::string filled(const std::vector<std::string>& groups) const;

 private:
  struct Piece {
    std::string text;
    std::optional<std::size_t> group;
  };
  std::vector<Piece> pieces_;
};

/// One line of SFJwtSubjectMap: a table, or a pattern and what its matches become.
struct MapRule {
  std::shared_ptr<const SubjectTable> table;
  std::optional<Pattern> pattern;
  Replacement replacement;
  std::string place = {};  // "/etc/x.conf:12"
};

/// The user that stands for a subject by the first rule that knows it. Refused when none does
/// (subject_unmapped), and when a rule before that one cannot be evaluated (rule_undecided): the next one is
/// not asked in its place.
Result<std::string, Refusal> mapped(const std::vector<MapRule>& rules, std::string_view subject,
                                    const BackendFamily& backend);

/// The user of the backend a text stands for: the text in normal form, then what the map (SFJwtSubjectMap)
/// makes of it, in normal form too. A map that does not know it refuses; without a map the user is the
/// subject.
Result<std::string, Refusal> user_named(std::string_view text, const std::vector<MapRule>& map,
                                        const BackendFamily& backend);

}  // namespace sfjwt::gateway
