// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"

namespace sfjwt::keys {

/// The bytes of a file that holds a key or another secret, and what is questionable about it though it can be
/// used: that others than its owner and root's group can read or write it.
struct SecretFile {
  Secret bytes;
  std::optional<std::string> warning;
};

/// Reads a regular file of 1 byte to 64 KB that begins with no byte order mark. Blocks on nothing: what the
/// name stands for is looked at before it is opened, and again after. The error names the file and the
/// reason.
Result<SecretFile, std::string> read_secret_file(const std::string& path);

}  // namespace sfjwt::keys
