// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace sfjwt::keys {

/// A random number from 0 to `bound` - 1 (at most 65,536). Different in each child process, since OpenSSL's
/// generator detects a fork. 0 if OpenSSL has no entropy.
std::uint32_t random_below(std::uint32_t bound);

/// Fills the bytes with random ones. Throws std::runtime_error if OpenSSL has no entropy.
void fill_with_random(std::span<std::uint8_t> bytes);

}  // namespace sfjwt::keys
