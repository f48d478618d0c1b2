// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::keys {

/// The content of a file with a key or another secret, and a warning if users other than its owner and root's
/// group can read or write it.
struct SecretFile {
  Secret bytes;
  std::optional<std::string> warning;
};

/// Reads a regular file of 1 byte to 64 KB without a byte order mark. Never blocks: the type of the file is
/// checked before it is opened, and again after. The error names the file and the reason.
Result<SecretFile, std::string> read_secret_file(const std::string& path);

}  // namespace sfjwt::keys
