// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "mod_sfjwt/tools/arguments.h"

namespace sfjwt::tools {

/// What sfjwtctl ends with.
enum Exit : int {
  all_well = 0,
  failed = 1,       // something was refused, could not be read, or no token was granted
  wrong_usage = 2,  // the command line makes no sense
};

/// Why a command cannot do what it was asked to.
struct Problem {
  Exit exit;
  std::string message;
};

/// One command of sfjwtctl.
struct Command {
  std::string_view name;
  std::string_view synopsis;  // its arguments, on one line
  std::string_view help;      // what it does and its options; ends in a line feed
  std::span<const Option> options;
  std::size_t least_operands;
  std::size_t most_operands;
  int (*run)(const Arguments& arguments);
};

extern const Command kValidate;
extern const Command kWellFormed;
extern const Command kRewrite;
extern const Command kWsdl;
extern const Command kBench;
extern const Command kAssert;
extern const Command kToken;
extern const Command kKey;

/// Says on standard error what went wrong, and answers what the command is to return.
int report(const Problem& problem);
int failure(const std::string& message);
int usage_error(const std::string& message);

/// Says on standard error what deserves attention though nothing fails.
void warn(const std::string& message);

}  // namespace sfjwt::tools
