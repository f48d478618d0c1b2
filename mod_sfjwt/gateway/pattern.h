// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::gateway {

/// A Perl-compatible regular expression that matches whole texts only, ignoring case. Immutable and shared by
/// copies; matching is bounded by PCRE2's match limit and answers no when it is reached.
class Pattern {
 public:
  /// The error is PCRE2's message with the offset.
  static Result<Pattern, std::string> compile(std::string_view expression);
  bool matches(std::string_view text) const;

 private:
  struct Code;
  explicit Pattern(std::shared_ptr<const Code> code) : code_(std::move(code)) {}
  std::shared_ptr<const Code> code_;
};

}  // namespace sfjwt::gateway
