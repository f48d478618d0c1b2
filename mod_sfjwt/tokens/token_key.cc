// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/token_key.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "mod_sfjwt/core/owned.h"

namespace sfjwt::tokens {
namespace {

using Digest = Owned<EVP_MD, EVP_MD_free>;
using DigestState = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL has no SHA-256");
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

// The digest is fetched once, since fetching takes locks of the whole library; the part that all subjects
// share is hashed once. States are reused: creating one costs more than hashing.
struct TokenKeys::Prefix {
  Digest sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  TokenKey digest{};
  std::mutex mutex;
  std::vector<DigestState> idle;

  DigestState borrow() {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return DigestState{EVP_MD_CTX_new()};
    DigestState state = std::move(idle.back());
    idle.pop_back();
    return state;
  }
  void give_back(DigestState state) {
    constexpr std::size_t kMaxIdle = 64;
    const std::lock_guard lock(mutex);
    if (idle.size() < kMaxIdle) idle.push_back(std::move(state));
  }
};

TokenKeys::TokenKeys(const oauth::Client& client) {
  const auto prefix = std::make_shared<Prefix>();
  const DigestState owned{EVP_MD_CTX_new()};
  EVP_MD_CTX* const state = owned.get();
  require(state && prefix->sha256 && EVP_DigestInit_ex2(state, prefix->sha256.get(), nullptr) == 1);
  add_text(state, client.token_endpoint);
  add_text(state, client.client_id);
  add_text(state, client.audience);
  add_text(state, client.subject_claim);
  add_pairs(state, client.claims);
  add_pairs(state, client.token_params);
  require(EVP_DigestFinal_ex(state, prefix->digest.data(), nullptr) == 1);
  prefix_ = prefix;
}

// The shared digest has a fixed length, so the subject after it needs no length.
TokenKey TokenKeys::of(std::string_view subject) const {
  DigestState state = prefix_->borrow();
  TokenKey key{};
  unsigned int size = 0;
  require(state && EVP_DigestInit_ex2(state.get(), prefix_->sha256.get(), nullptr) == 1 &&
          EVP_DigestUpdate(state.get(), prefix_->digest.data(), prefix_->digest.size()) == 1 &&
          EVP_DigestUpdate(state.get(), subject.data(), subject.size()) == 1 &&
          EVP_DigestFinal_ex(state.get(), key.data(), &size) == 1 && size == key.size());
  prefix_->give_back(std::move(state));
  return key;
}

}  // namespace sfjwt::tokens
