// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/digest.h"

#include <span>
#include <stdexcept>
#include <utility>

#include "mod_sfjwt/core/hex.h"

namespace sfjwt::keys {
namespace {

void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL has no SHA-256");
}

}  // namespace

Digest sha256(std::string_view text) {
  Digest digest{};
  require(EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(), digest.data(), nullptr) == 1);
  return digest;
}

std::string short_digest(std::string_view text) {
  const Digest digest = sha256(text);
  return hex(std::span(digest).first<8>());
}

SaltedDigest::SaltedDigest(std::string salt)
    : sha256_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), salt_(std::move(salt)) {
  require(sha256_ != nullptr);
}

Digest SaltedDigest::of(std::initializer_list<std::string_view> texts) const {
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> state{EVP_MD_CTX_new()};
  const auto add = [&](const void* bytes, std::size_t size) {
    require(EVP_DigestUpdate(state.get(), bytes, size) == 1);
  };
  require(state && EVP_DigestInit_ex2(state.get(), sha256_.get(), nullptr) == 1);
  add(salt_.data(), salt_.size());
  for (const std::string_view text : texts) {
    const std::uint64_t size = text.size();
    add(&size, sizeof size);
    add(text.data(), text.size());
  }
  Digest digest{};
  require(EVP_DigestFinal_ex(state.get(), digest.data(), nullptr) == 1);
  return digest;
}

}  // namespace sfjwt::keys
