// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace sfjwt {

/// The bytes of memory this process can count on: those of the machine, or fewer where a control group of
/// the process, or one above it, has a limit (memory.max of version 2, memory.limit_in_bytes of version 1).
/// `root` is the directory in which proc and sys are looked for. What cannot be read sets no limit; 0 when
/// nothing is known at all.
std::uint64_t memory_limit(const std::filesystem::path& root = "/");

}  // namespace sfjwt
