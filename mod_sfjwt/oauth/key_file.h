// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::oauth {

/// The bytes of a file that holds a key, and what is questionable about it though it can be used.
struct KeyFile {
  Secret bytes;
  std::optional<std::string> warning;
};

/// Reads a regular file of 1 byte to 64 KB. Blocks on nothing: what the name stands for is looked at before
/// it is opened, and again after. The error names the file and the reason.
Result<KeyFile, std::string> read_key_file(const std::string& path);

}  // namespace sfjwt::oauth
