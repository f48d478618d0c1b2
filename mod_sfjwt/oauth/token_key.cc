// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/token_key.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "mod_sfjwt/core/owned.h"

namespace sfjwt::oauth {
namespace {

using Digest = Owned<EVP_MD, EVP_MD_free>;
using DigestState = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL gives no SHA-256");
}

void add_number(EVP_MD_CTX* state, std::uint64_t number) {
  std::array<unsigned char, 8> bytes;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte, number >>= 8) {
    *byte = static_cast<unsigned char>(number & 255);
  }
  require(EVP_DigestUpdate(state, bytes.data(), bytes.size()) == 1);
}

void add_text(EVP_MD_CTX* state, std::string_view text) {
  add_number(state, text.size());
  require(EVP_DigestUpdate(state, text.data(), text.size()) == 1);
}

void add_pairs(EVP_MD_CTX* state, const std::vector<std::pair<std::string, std::string>>& pairs) {
  add_number(state, pairs.size());
  for (const auto& [name, text] : pairs) {
    add_text(state, name);
    add_text(state, text);
  }
}

}  // namespace

// The digest is fetched once (a fetch takes locks of the whole library), and the part all subjects share is
// digested once.
struct TokenKeys::Prefix {
  Digest sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  DigestState state{EVP_MD_CTX_new()};
};

TokenKeys::TokenKeys(const Client& client) {
  const auto prefix = std::make_shared<Prefix>();
  EVP_MD_CTX* const state = prefix->state.get();
  require(state && prefix->sha256 && EVP_DigestInit_ex2(state, prefix->sha256.get(), nullptr) == 1);
  add_text(state, client.token_endpoint);
  add_text(state, client.client_id);
  add_text(state, client.audience);
  add_text(state, client.subject_claim);
  add_pairs(state, client.claims);
  add_pairs(state, client.token_params);
  prefix_ = prefix;
}

TokenKey TokenKeys::of(std::string_view subject) const {
  const DigestState state{EVP_MD_CTX_new()};
  require(state && EVP_MD_CTX_copy_ex(state.get(), prefix_->state.get()) == 1);
  add_text(state.get(), subject);
  TokenKey key{};
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(state.get(), key.data(), &size) == 1 && size == key.size());
  return key;
}

}  // namespace sfjwt::oauth
