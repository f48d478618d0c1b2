// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

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

/// What a command does once the command line has been read; returns what sfjwtctl ends with.
using Run = std::function<int()>;

/// Each adds one command to the program, with its options and their help. When the command is on the command
/// line, `chosen` becomes what runs it; it outlives the parse, as the program does.
void add_validate(CLI::App& program, Run& chosen);
void add_well_formed(CLI::App& program, Run& chosen);
void add_rewrite(CLI::App& program, Run& chosen);
void add_wsdl(CLI::App& program, Run& chosen);
void add_bench(CLI::App& program, Run& chosen);
void add_assert(CLI::App& program, Run& chosen);
void add_token(CLI::App& program, Run& chosen);
void add_key(CLI::App& program, Run& chosen);

/// Says on standard error what went wrong, and returns what the command is to return.
int report(const Problem& problem);
int failure(const std::string& message);
int usage_error(const std::string& message);

/// Says on standard error what deserves attention though nothing fails.
void warn(const std::string& message);
void note(const std::string& message);

}  // namespace sfjwt::tools
