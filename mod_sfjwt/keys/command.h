// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::keys {

/// What a program may take.
struct ProgramLimits {
  std::chrono::milliseconds time{10'000};
  std::size_t output = 4096;  // bytes
};

/// Runs a program, its absolute path and its arguments, and gives what it writes to standard output. No shell
/// reads the words; standard input and standard error are /dev/null; it is a process group of its own, which
/// is killed when a limit is passed. The error says what happened and never what was written. For one thread
/// at a time of a process that reaps no children of others.
Result<Secret, std::string> run_command(const std::vector<std::string>& words,
                                        const ProgramLimits& limits = {});

}  // namespace sfjwt::keys
