// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/random.h"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace sfjwt::keys {

std::uint32_t random_below(std::uint32_t bound) {
  std::array<unsigned char, 2> drawn{};
  RAND_bytes(drawn.data(), static_cast<int>(drawn.size()));
  return (drawn[0] * 256U + drawn[1]) * bound / 65'536U;
}

void fill_with_random(std::span<std::uint8_t> bytes) {
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("OpenSSL has no random numbers");
}

}  // namespace sfjwt::keys
