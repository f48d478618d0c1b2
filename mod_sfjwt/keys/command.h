// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::keys {

/// The limits on a program.
struct ProgramLimits {
  std::chrono::milliseconds time{10'000};
  std::size_t output = 4096;  // bytes
};

/// Runs a program, given by its absolute path and its arguments, and returns what it writes to standard
/// output. No shell is involved; standard input and standard error are /dev/null. The program has its own
/// process group, which is killed when a limit is exceeded. The error gives the reason, but never the output.
/// Call it from one thread at a time, and only in a process that does not reap other children.
Result<Secret, std::string> run_command(const std::vector<std::string>& words,
                                        const ProgramLimits& limits = {});

}  // namespace sfjwt::keys
