// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::schema {

/// A regular expression of XML Schema Part 2 appendix F, matched by PCRE2. Immutable and shared by copies.
class XsdPattern {
 public:
  /// What PCRE2 cannot say the same way (the names of blocks) is an error that names it.
  static Result<XsdPattern, std::string> compile(std::string_view expression);
  /// What matching a text gives. An error is neither of the other two: a limit of PCRE2 was reached, and
  /// nobody knows whether the text matches.
  enum class Match : std::uint8_t { matched, no_match, error };
  /// Of the whole text.
  Match match(std::string_view text) const;

 private:
  struct Code;
  explicit XsdPattern(std::shared_ptr<const Code> code) : code_(std::move(code)) {}
  std::shared_ptr<const Code> code_;
};

}  // namespace sfjwt::schema
