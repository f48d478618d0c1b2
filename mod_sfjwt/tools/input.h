// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::tools {

/// As SFJwtMaxBody; Salesforce accepts no more in one message.
inline constexpr std::size_t kDefaultMessageBytes = std::size_t{50} * 1024 * 1024;

/// Reads a request from a file, or from standard input for "-", and decompresses it if it is compressed with
/// gzip. Fails also if it is larger than `most` bytes, compressed or decompressed. The error names the file
/// and gives the reason.
Result<std::string, std::string> read_message(const std::string& file, std::size_t most);

/// Reads a secret that is the only line of a file, or of standard input for "-", without the line end. An
/// empty file, a second line, control characters and invalid UTF-8 are errors. The buffer is overwritten
/// after use.
Result<Secret, std::string> read_secret(const std::string& file);

/// Checks what read_secret checks; the error gives the reason and is to follow the name of the text.
Result<Done, std::string> check_secret(std::string_view text);

}  // namespace sfjwt::tools
