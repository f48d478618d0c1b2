// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::keys {

/// What is wrong with the way a source is written; nothing: it is right. Right is `file:NAME`, or
/// `exec:/PROGRAM [ARGUMENT ...]`, words separated by blanks, which no shell reads.
std::optional<std::string> source_problem(std::string_view source);

/// A passphrase or client secret as it was read, and what is questionable about its source.
struct SourcedSecret {
  Secret secret;
  std::optional<std::string> warning;
};

/// The secret of a source: the only line of a file (keys/secret_file.h) or of what a program writes
/// (keys/command.h), without its line end. The error names the file or program and says what is wrong with
/// it, never what it holds.
Result<SourcedSecret, std::string> read_secret_source(std::string_view source);

/// The only line of these bytes, or what is wrong with them: a second line, nothing, or control characters.
Result<std::string_view, std::string> only_line(std::string_view bytes);

}  // namespace sfjwt::keys
