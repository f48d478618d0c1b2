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
  /// Fails, with a message that names the construct, for what PCRE2 cannot express (the names of blocks).
  static Result<XsdPattern, std::string> compile(std::string_view expression);
  /// The result of matching a text. `error`: a limit of PCRE2 was reached, and it is unknown whether the text
  /// matches.
  enum class Match : std::uint8_t { matched, no_match, error };
  /// Matches the whole text.
  Match match(std::string_view text) const;

 private:
  struct Code;
  explicit XsdPattern(std::shared_ptr<const Code> code) : code_(std::move(code)) {}
  std::shared_ptr<const Code> code_;
};

}  // namespace sfjwt::schema
