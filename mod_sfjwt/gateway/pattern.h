// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::gateway {

/// A Perl-compatible regular expression that matches whole texts only, ignoring case. Immutable and shared by
/// copies; matching is bounded by PCRE2's match limit and answers no when it is reached.
class Pattern {
 public:
  /// The error is PCRE2's message with the offset.
  static Result<Pattern, std::string> compile(std::string_view expression);
  bool matches(std::string_view text) const;
  /// How many groups it has.
  std::size_t groups() const;
  /// What the whole and each group took of a text, nothing for a group that took no part; nothing at all if
  /// the text does not match.
  std::optional<std::vector<std::string>> groups_in(std::string_view text) const;

 private:
  struct Code;
  explicit Pattern(std::shared_ptr<const Code> code) : code_(std::move(code)) {}
  std::shared_ptr<const Code> code_;
};

}  // namespace sfjwt::gateway
