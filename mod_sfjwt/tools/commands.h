// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace sfjwt::tools {

/// Exit status of sfjwtctl.
enum Exit : int {
  all_well = 0,
  failed = 1,       // something was refused, could not be read, or no token was granted
  wrong_usage = 2,  // the command line is wrong
};

/// Why a command fails.
struct Problem {
  Exit exit;
  std::string message;
};

/// Runs a command after the command line has been parsed; returns the exit status.
using Run = std::function<int()>;

/// Each of these adds one command with its options and their help. If the command line names the command,
/// parsing sets `chosen` to the function that runs it; `chosen` must outlive the parsing.
void add_validate(CLI::App& program, Run& chosen);
void add_well_formed(CLI::App& program, Run& chosen);
void add_rewrite(CLI::App& program, Run& chosen);
void add_wsdl(CLI::App& program, Run& chosen);
void add_bench(CLI::App& program, Run& chosen);
void add_assert(CLI::App& program, Run& chosen);
void add_token(CLI::App& program, Run& chosen);
void add_key(CLI::App& program, Run& chosen);

/// Prints an error to standard error; returns the exit status.
int report(const Problem& problem);
int failure(const std::string& message);
int usage_error(const std::string& message);

/// Prints a warning or a note to standard error.
void warn(const std::string& message);
void note(const std::string& message);

}  // namespace sfjwt::tools
