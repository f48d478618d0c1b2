// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace sfjwt {

/// The memory in bytes that this process can use: that of the machine, or less if a control group of the
/// process, or an ancestor of it, has a limit (memory.max in version 2, memory.limit_in_bytes in version 1).
/// `root` is the directory that contains proc and sys. Files that cannot be read are ignored; 0 if nothing is
/// known.
std::uint64_t memory_limit(const std::filesystem::path& root = "/");

}  // namespace sfjwt
