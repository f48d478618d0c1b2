// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"

namespace sfjwt::tools {

/// An option of a command, written `--name`, `--name value` or `--name=value`.
struct Option {
  enum Kind { flag, optional, required, repeated, required_repeated } kind;
  std::string_view name;  // without the two hyphens
};

/// The words of a command line behind the name of the command. Options and operands may stand in any order;
/// behind
/// `--` there are only operands; `-` alone is an operand.
class Arguments {
 public:
  /// The error is for the user: an unknown option, a value missing or not wanted, an option given twice or
  /// left out.
  static Result<Arguments, std::string> read(std::span<const Option> options,
                                             std::span<const char* const> words);

  bool has(std::string_view name) const;
  /// The value of an option that was given; the empty string if it was not.
  std::string value(std::string_view name) const;
  std::vector<std::string> values(std::string_view name) const;
  const std::vector<std::string>& operands() const { return operands_; }

 private:
  struct Given {
    std::string_view name;
    std::string value;
  };
  std::optional<std::string> add(std::span<const Option> options, std::string_view word, const char* next,
                                 bool& took_next);

  std::vector<Given> given_;
  std::vector<std::string> operands_;
};

}  // namespace sfjwt::tools
