// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/digest.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace sfjwt::keys {

std::string short_digest(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<unsigned char, 32> digest{};
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(), digest.data(), nullptr) != 1)
    throw std::runtime_error("OpenSSL gives no SHA-256");
  std::string shown;
  for (const unsigned char byte :
       {digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7]}) {
    shown += kHex[byte >> 4];
    shown += kHex[byte & 15];
  }
  return shown;
}

}  // namespace sfjwt::keys
