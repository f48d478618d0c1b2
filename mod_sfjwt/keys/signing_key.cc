// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/signing_key.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/keys/key_material.h"
#include "mod_sfjwt/keys/openssl_error.h"

namespace sfjwt::keys {

struct SigningKey::Material {
  Owned<EVP_PKEY, EVP_PKEY_free> key;
  Owned<EVP_MD, EVP_MD_free> sha256;  // fetched once: a fetch takes locks of the whole library
  std::vector<std::string> warnings;
  std::string fingerprint;
  std::string description;
};

namespace {

using SignState = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

std::optional<std::string> signature_of(EVP_PKEY* key, const EVP_MD* sha256, std::string_view bytes) {
  const SignState state{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* parameters = nullptr;  // owned by state
  if (!state || EVP_DigestSignInit(state.get(), &parameters, sha256, nullptr, key) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PADDING) != 1) {
    return std::nullopt;
  }
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::string signature(static_cast<std::size_t>(std::max(EVP_PKEY_get_size(key), 0)), '\0');
  std::size_t size = signature.size();
  auto* const room = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(state.get(), room, &size, data, bytes.size()) != 1) return std::nullopt;
  signature.resize(size);
  return signature;
}

bool verifies(EVP_PKEY* key, const EVP_MD* sha256, std::string_view signature, std::string_view bytes) {
  const SignState state{EVP_MD_CTX_new()};
  return state && EVP_DigestVerifyInit(state.get(), nullptr, sha256, nullptr, key) == 1 &&
         EVP_DigestVerify(state.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                          bytes.size()) == 1;
}

}  // namespace

Result<SigningKey, std::string> SigningKey::load(std::string_view file_or_uri,
                                                 const std::optional<Secret>& passphrase) {
  const ErrorMark mark;
  auto read = read_key_material(file_or_uri, passphrase);
  if (!read) return Unexpected{read.error()};
  const auto wrong = [&](const std::string& why) {
    return Unexpected{shown_source(file_or_uri) + " " + why};
  };
  if (const std::string why = unfit_for_rs256(read->key.get()); !why.empty()) return wrong(why);
  auto material = std::make_shared<Material>();
  material->sha256.reset(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  if (!material->sha256) return wrong("cannot be used" + ErrorMark::last_reason());
  material->fingerprint = public_fingerprint(read->key.get());
  material->description = type_name(read->key.get()) + ", " +
                          std::to_string(EVP_PKEY_get_bits(read->key.get())) + " bits, " + read->form +
                          (read->encrypted ? ", encrypted" : "");
  material->warnings = std::move(read->warnings);
  material->key = std::move(read->key);

  // Reveals a damaged key, or a provider that cannot sign, at start instead of with the first request.
  constexpr std::string_view kTrial = "trial";
  const auto trial = signature_of(material->key.get(), material->sha256.get(), kTrial);
  if (!trial || !verifies(material->key.get(), material->sha256.get(), *trial, kTrial)) {
    return wrong("does not make RS256 signatures; it is damaged or may not be used for signing" +
                 ErrorMark::last_reason());
  }
  return SigningKey(std::move(material));
}

SigningKey SigningKey::named(std::string id) const {
  SigningKey key = *this;
  key.id_ = std::move(id);
  return key;
}

const std::vector<std::string>& SigningKey::warnings() const {
  return material_->warnings;
}

const std::string& SigningKey::fingerprint() const {
  return material_->fingerprint;
}

const std::string& SigningKey::description() const {
  return material_->description;
}

Result<std::string, std::string> SigningKey::sign_rs256(std::string_view bytes) const {
  const ErrorMark mark;
  auto signature = signature_of(material_->key.get(), material_->sha256.get(), bytes);
  if (!signature) return Unexpected{"the private key did not sign" + ErrorMark::last_reason()};
  return std::move(*signature);
}

}  // namespace sfjwt::keys
