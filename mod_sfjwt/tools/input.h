// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::tools {

/// More than Salesforce takes in one message (50 MB).
inline constexpr std::size_t kDefaultMessageBytes = std::size_t{64} * 1024 * 1024;

/// The request in a file, or in standard input for "-". One compressed with gzip is decompressed. The error
/// names the file and says why it cannot be read, also when it is larger than `most` bytes, as it is or
/// decompressed.
Result<std::string, std::string> read_message(const std::string& file, std::size_t most);

/// A secret that is the only line of a file, or of standard input for "-"; the line end is not part of it. An
/// empty file, a second line, control characters and bytes that are not UTF-8 are errors. What was read is
/// overwritten in memory.
Result<Secret, std::string> read_secret(const std::string& file);

/// Whether text can be a secret as read_secret gives it; the error says why not.
Result<Done, std::string> check_secret(std::string_view text);

}  // namespace sfjwt::tools
