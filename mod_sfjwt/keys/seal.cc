// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/seal.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "mod_sfjwt/core/base64url.h"
#include "mod_sfjwt/keys/openssl_error.h"

namespace sfjwt::keys {
namespace {

using CipherState = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr char kVersion = 1;
constexpr std::size_t kHeader = 1 + 8;
constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;
static_assert(kHeader + kNonce + kTag == Seal::kOverhead);

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL cannot ") + what + ErrorMark::last_reason());
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(char* text) {
  return reinterpret_cast<unsigned char*>(text);
}

Secret derived(const Secret& key, std::string_view purpose) {
  const Owned<EVP_KDF, EVP_KDF_free> hkdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr)};
  const Owned<EVP_KDF_CTX, EVP_KDF_CTX_free> state{hkdf ? EVP_KDF_CTX_new(hkdf.get()) : nullptr};
  std::string digest = "SHA256";
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<char*>(key.reveal().data()),
                                        key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, const_cast<char*>(purpose.data()),
                                        purpose.size()),
      OSSL_PARAM_construct_end()};
  std::string made(Seal::kKeyBytes, '\0');
  const bool done =
      state && EVP_KDF_derive(state.get(), bytes(made.data()), made.size(), parameters.data()) == 1;
  Secret secret(std::move(made));
  require(done, "derive a key with HKDF");
  return secret;
}

Owned<EVP_MAC_CTX, EVP_MAC_CTX_free> hmac_with(const Secret& key) {
  const Owned<EVP_MAC, EVP_MAC_free> hmac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  Owned<EVP_MAC_CTX, EVP_MAC_CTX_free> state{hmac ? EVP_MAC_CTX_new(hmac.get()) : nullptr};
  std::string digest = "SHA256";
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
      OSSL_PARAM_construct_end()};
  require(state && EVP_MAC_init(state.get(), bytes(key.reveal()), key.size(), parameters.data()) == 1,
          "give HMAC");
  return state;
}

std::string header_of(UnixTime expires_at) {
  std::string header(kHeader, kVersion);
  auto seconds = static_cast<std::uint64_t>(expires_at.time_since_epoch().count());
  for (std::size_t i = kHeader; i > 1; --i, seconds >>= 8) header[i - 1] = static_cast<char>(seconds & 255);
  return header;
}

UnixTime expiry_in(std::string_view header) {
  std::uint64_t seconds = 0;
  for (const char byte : header.substr(1)) seconds = seconds << 8 | static_cast<unsigned char>(byte);
  return UnixTime{std::chrono::seconds{static_cast<std::int64_t>(seconds)}};
}

// Removes the first bytes and returns them.
std::string_view taken(std::string_view& from, std::size_t count) {
  const std::string_view first = from.substr(0, count);
  from.remove_prefix(count);
  return first;
}

}  // namespace

Result<Secret, std::string> seal_key_in(const Secret& base64) {
  constexpr std::size_t kCharacters = 44;
  const Unexpected wrong{std::string(
      "holds no key: it must be one line of 44 characters, the base64 of 32 random bytes; openssl rand "
      "-base64 32 makes one")};
  if (base64.size() != kCharacters || !base64.reveal().ends_with('=')) return wrong;
  std::string url_safe;
  url_safe.reserve(kCharacters);
  for (const char c : base64.reveal().substr(0, kCharacters - 1)) {
    if (c == '-' || c == '_') return wrong;
    url_safe += c == '+' ? '-' : c == '/' ? '_' : c;
  }
  const Secret text(std::move(url_safe));
  auto key = base64url_decoded(text.reveal());
  if (!key) return wrong;
  return Secret(*std::move(key));
}

Seal::Seal(const Secret& key)
    : cipher_(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)),
      ids_(hmac_with(derived(key, "mod_sfjwt token cache 1: ids"))),
      value_key_(derived(key, "mod_sfjwt token cache 1: values")) {
  require(cipher_ != nullptr, "give AES-256-GCM");
}

SealedId Seal::id_of(std::span<const std::uint8_t> name) const {
  const ErrorMark mark;
  const Owned<EVP_MAC_CTX, EVP_MAC_CTX_free> state{EVP_MAC_CTX_dup(ids_.get())};
  SealedId id{};
  std::size_t size = 0;
  require(state && EVP_MAC_update(state.get(), name.data(), name.size()) == 1 &&
              EVP_MAC_final(state.get(), id.data(), &size, id.size()) == 1 && size == id.size(),
          "make an HMAC");
  return id;
}

std::string Seal::encrypt(const SealedId& id, UnixTime expires_at, std::string_view content) const {
  const ErrorMark mark;
  std::string value = header_of(expires_at);
  value.resize(kOverhead + content.size());
  unsigned char* const header = bytes(value.data());
  unsigned char* const nonce = header + kHeader;
  unsigned char* const text = nonce + kNonce;
  require(RAND_bytes(nonce, kNonce) == 1, "give random numbers");
  const CipherState owned{EVP_CIPHER_CTX_new()};
  EVP_CIPHER_CTX* const state = owned.get();
  int size = 0;
  require(state &&
              EVP_EncryptInit_ex2(state, cipher_.get(), bytes(value_key_.reveal()), nonce, nullptr) == 1 &&
              EVP_EncryptUpdate(state, nullptr, &size, header, kHeader) == 1 &&
              EVP_EncryptUpdate(state, nullptr, &size, id.data(), static_cast<int>(id.size())) == 1 &&
              EVP_EncryptUpdate(state, text, &size, bytes(content), static_cast<int>(content.size())) == 1 &&
              EVP_EncryptFinal_ex(state, text + size, &size) == 1 &&
              EVP_CIPHER_CTX_ctrl(state, EVP_CTRL_AEAD_GET_TAG, kTag, text + content.size()) == 1,
          "encrypt");
  return value;
}

std::optional<Seal::Decrypted> Seal::decrypt(const SealedId& id, std::string_view value) const {
  if (value.size() < kOverhead || value.size() > kLargestSealed || value[0] != kVersion) return std::nullopt;
  const ErrorMark mark;
  const std::string_view header = taken(value, kHeader);
  const std::string_view nonce = taken(value, kNonce);
  const std::string_view text = taken(value, value.size() - kTag);
  std::string tag(value);
  const CipherState owned{EVP_CIPHER_CTX_new()};
  EVP_CIPHER_CTX* const state = owned.get();
  std::string content(text.size() + 1, '\0');
  int size = 0;
  const bool right =
      state &&
      EVP_DecryptInit_ex2(state, cipher_.get(), bytes(value_key_.reveal()), bytes(nonce), nullptr) == 1 &&
      EVP_DecryptUpdate(state, nullptr, &size, bytes(header), kHeader) == 1 &&
      EVP_DecryptUpdate(state, nullptr, &size, id.data(), static_cast<int>(id.size())) == 1 &&
      EVP_DecryptUpdate(state, bytes(content.data()), &size, bytes(text), static_cast<int>(text.size())) ==
          1 &&
      EVP_CIPHER_CTX_ctrl(state, EVP_CTRL_AEAD_SET_TAG, kTag, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(state, bytes(content.data()) + text.size(), &size) == 1;
  content.resize(text.size());
  Secret secret(std::move(content));
  if (!right) return std::nullopt;
  return Decrypted{std::move(secret), expiry_in(header)};
}

}  // namespace sfjwt::keys
