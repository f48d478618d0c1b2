// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/key_material.h"

#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <utility>

#include "mod_sfjwt/core/hex.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/keys/openssl_error.h"
#include "mod_sfjwt/keys/secret_file.h"
#include "mod_sfjwt/keys/stored_objects.h"

namespace sfjwt::keys {
namespace {

constexpr int kMinimumBits = 2048;

// A clause to follow the name of the source.
std::string why_no_key(const StoredObjects& found, bool has_passphrase) {
  if (found.passphrase_asked && !has_passphrase) return "is encrypted and no passphrase is configured for it";
  if (found.passphrase_asked) {
    return "cannot be decrypted: the passphrase is wrong or the file is damaged" + ErrorMark::last_reason();
  }
  if (found.certificate)
    return "holds a certificate, not a private key; the key that belongs to it is needed here";
  if (found.public_key) return "holds a public key only; the private key is needed here";
  return "holds no private key that could be read: PEM, DER or PKCS#12 is expected" +
         ErrorMark::last_reason();
}

// A URI begins with a scheme (RFC 3986 section 3.1); a single letter before the colon would be a drive.
bool is_uri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon < 2) return false;
  const std::string scheme = ascii_lower(text.substr(0, colon));
  return scheme[0] >= 'a' && scheme[0] <= 'z' &&
         scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") == std::string::npos;
}

// A file: URI is treated as a file, with all checks of files.
std::optional<std::string> path_in(std::string_view text) {
  if (!is_uri(text)) return std::string(text);
  if (ascii_lower(text.substr(0, 5)) != "file:") return std::nullopt;
  text.remove_prefix(5);
  if (text.starts_with("//localhost/")) text.remove_prefix(11);
  if (text.starts_with("///")) text.remove_prefix(2);
  return std::string(text);
}

// The label (RFC 7468) of the private key, whatever else is in the file.
std::string form_of_pem(std::string_view text) {
  const std::pair<std::string_view, const char*> kForms[] = {
      {"-----BEGIN ENCRYPTED PRIVATE KEY-----", "PEM, PKCS#8"},
      {"-----BEGIN PRIVATE KEY-----", "PEM, PKCS#8"},
      {"-----BEGIN RSA PRIVATE KEY-----", "PEM, PKCS#1"},
      {"-----BEGIN EC PRIVATE KEY-----", "PEM, SEC 1"}};
  for (const auto& [label, form] : kForms)
    if (text.find(label) != std::string_view::npos) return form;
  return "PEM";
}

template <class T, auto Free>
bool is_der_of(T* (*read)(T**, const unsigned char**, long), std::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  return Owned<T, Free>{read(nullptr, &at, static_cast<long>(bytes.size()))} != nullptr;
}

std::string form_of(std::string_view bytes) {
  if (bytes.find("-----BEGIN ") != std::string_view::npos) return form_of_pem(bytes);
  if (is_der_of<PKCS12, PKCS12_free>(d2i_PKCS12, bytes)) return "PKCS#12";
  const bool pkcs8 =
      is_der_of<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>(d2i_PKCS8_PRIV_KEY_INFO, bytes) ||
      is_der_of<X509_SIG, X509_SIG_free>(d2i_X509_SIG, bytes);
  return pkcs8 ? "DER, PKCS#8" : "DER";
}

Result<StoredObjects, std::string> objects_of_file(const std::string& path,
                                                   const std::optional<Secret>& passphrase,
                                                   KeyMaterial& material) {
  auto file = read_secret_file(path);
  if (!file) return Unexpected{file.error()};
  if (file->warning) material.warnings.push_back(*file->warning);
  const std::string shown = printable(path);
  auto found = objects_in(file->bytes, passphrase);
  if (!found) return Unexpected{shown + " cannot be opened" + found.error()};
  material.form = form_of(file->bytes.reveal());
  return found;
}

Result<StoredObjects, std::string> objects_of_uri(std::string_view uri,
                                                  const std::optional<Secret>& passphrase,
                                                  KeyMaterial& material) {
  auto found = objects_at(std::string(uri), passphrase);
  if (!found) {
    return Unexpected{shown_source(uri) +
                      " cannot be opened: no provider of this machine's OpenSSL serves it" + found.error()};
  }
  material.form = "URI";
  return found;
}

}  // namespace

std::string shown_source(std::string_view file_or_uri) {
  const auto path = path_in(file_or_uri);
  return printable(path ? *path : file_or_uri.substr(0, file_or_uri.find('?')));
}

Result<KeyMaterial, std::string> read_key_material(std::string_view file_or_uri,
                                                   const std::optional<Secret>& passphrase) {
  const ErrorMark mark;
  KeyMaterial material;
  const auto path = path_in(file_or_uri);
  auto found =
      path ? objects_of_file(*path, passphrase, material) : objects_of_uri(file_or_uri, passphrase, material);
  if (!found) return Unexpected{found.error()};
  const auto wrong = [&](const std::string& why) {
    return Unexpected{shown_source(file_or_uri) + " " + why};
  };
  if (found->several_keys) return wrong("holds more than one private key");
  if (!found->key) return wrong(why_no_key(*found, passphrase.has_value()));
  material.encrypted = found->passphrase_asked;
  material.key = std::move(found->key);
  return material;
}

std::string type_name(const EVP_PKEY* key) {
  return printable(as_view(EVP_PKEY_get0_type_name(key)), 32);
}

std::string unfit_for_rs256(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") != 1)
    return "is a key of type " + type_name(key) + "; RS256 needs an RSA key";
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < kMinimumBits) {
    return "is an RSA key of " + std::to_string(bits) + " bits; at least " + std::to_string(kMinimumBits) +
           " are needed";
  }
  return {};
}

std::string public_fingerprint(const EVP_PKEY* key) {
  const ErrorMark mark;
  unsigned char* written = nullptr;
  const int size = i2d_PUBKEY(key, &written);
  if (size <= 0) return {};
  const auto free_bytes = [](unsigned char* bytes) { OPENSSL_free(bytes); };
  const std::unique_ptr<unsigned char, decltype(free_bytes)> bytes(written, free_bytes);
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(bytes.get(), static_cast<std::size_t>(size), digest.data(), nullptr, EVP_sha256(),
                 nullptr) != 1)
    return {};
  return hex(digest);
}

}  // namespace sfjwt::keys
