// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::tools {

/// More than Salesforce takes in one message (50 MB).
inline constexpr std::size_t kMostMessageBytes = std::size_t{64} * 1024 * 1024;

/// The bytes of a file, or of standard input for "-". The error names the file and says why it cannot be
/// read, also when it is larger than `most` bytes.
Result<std::string, std::string> read_input(const std::string& file, std::size_t most = kMostMessageBytes);

/// A secret that is the only line of a file, or of standard input for "-"; the line end is not part of it. An
/// empty file, a second line and other bytes than visible ASCII and blanks are errors.
Result<Secret, std::string> read_secret(const std::string& file);

}  // namespace sfjwt::tools
