// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/digest.h"

#include <openssl/evp.h>

#include <array>
#include <span>
#include <stdexcept>

#include "mod_sfjwt/core/hex.h"

namespace sfjwt::keys {

std::string short_digest(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(), digest.data(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-256");
  return hex(std::span(digest).first<8>());
}

}  // namespace sfjwt::keys
