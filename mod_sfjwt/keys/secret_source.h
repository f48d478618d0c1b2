// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::keys {

/// Why a source is malformed; nullopt if it is valid: `file:NAME`, or `exec:/PROGRAM [ARGUMENT ...]` with
/// words separated by blanks (no shell is involved).
std::optional<std::string> source_problem(std::string_view source);

/// A passphrase or client secret, and a warning about its source.
struct SourcedSecret {
  Secret secret;
  std::optional<std::string> warning;
};

/// Reads the secret of a source: the only line of a file (keys/secret_file.h) or of the output of a program
/// (keys/command.h), without its line end. The error names the file or program and gives the reason, but
/// never the content.
Result<SourcedSecret, std::string> read_secret_source(std::string_view source);

/// The only line of these bytes. Fails if they are empty, or contain a second line or control characters.
Result<std::string_view, std::string> only_line(std::string_view bytes);

}  // namespace sfjwt::keys
