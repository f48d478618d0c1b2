// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::gateway {

/// What one match may use (pcre2api: pcre2_set_match_limit, pcre2_set_heap_limit).
struct MatchLimits {
  std::uint32_t steps = 2'000'000;  // some ten milliseconds
  std::uint32_t heap_kib = 4096;
};

/// What matching a text gives. An error is neither of the other two: a limit was reached, or there was no
/// memory, and nobody knows whether the text matches.
struct Match {
  enum class Result { matched, no_match, error } result = Result::error;
  /// If it matched: what the whole expression and each group took, empty for a group that took no part.
  std::vector<std::string> groups;
  std::string error;  // PCRE2's words
};

/// A Perl-compatible regular expression that matches whole texts only, ignoring case. Immutable and shared by
/// copies; matching is bounded.
class Pattern {
 public:
  /// The error is PCRE2's message with the offset, or says that the expression backtracks too far: on texts
  /// of 255 bytes built for the purpose (backtracking_texts) it needs more than a tenth of the limits.
  static Result<Pattern, std::string> compile(std::string_view expression);
  /// The same with other limits, and without that trial.
  static Result<Pattern, std::string> compile_untried(std::string_view expression, const MatchLimits& limits);

  Match match(std::string_view text) const;
  /// How many groups it has.
  std::size_t groups() const;

 private:
  struct Code;
  explicit Pattern(std::shared_ptr<const Code> code) : code_(std::move(code)) {}
  std::shared_ptr<const Code> code_;
};

}  // namespace sfjwt::gateway
