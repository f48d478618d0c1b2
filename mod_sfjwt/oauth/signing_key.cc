// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/signing_key.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#include <algorithm>
#include <cstring>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/oauth/key_file.h"

namespace sfjwt::oauth {

struct SigningKey::Material {
  Owned<EVP_PKEY, EVP_PKEY_free> key;
  Owned<EVP_MD, EVP_MD_free> sha256;  // fetched once: a fetch takes locks of the whole library
  std::vector<std::string> warnings;
};

namespace {

constexpr int kMinimumBits = 2048;

using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using Bio = Owned<BIO, BIO_free_all>;
using SignState = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using StoreInfo = Owned<OSSL_STORE_INFO, OSSL_STORE_INFO_free>;
using UiMethod = Owned<UI_METHOD, UI_destroy_method>;

void close_store(OSSL_STORE_CTX* store) {
  OSSL_STORE_close(store);
}

using Store = Owned<OSSL_STORE_CTX, close_store>;

// The errors OpenSSL queues meanwhile are ours; those queued before belong to others in this process.
class ErrorMark {
 public:
  ErrorMark() { ERR_set_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
  ~ErrorMark() { ERR_pop_to_mark(); }

  static std::string last_reason() {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason ? std::string(" (OpenSSL: ") + reason + ")" : std::string();
  }
};

// What the passphrase callback answers, and whether it was called at all.
struct Passphrase {
  const std::optional<Secret>& given;
  bool asked = false;
};

extern "C" int answer_passphrase(char* buffer, int size, int /*rwflag*/, void* data) {
  auto& passphrase = *static_cast<Passphrase*>(data);
  passphrase.asked = true;
  if (!passphrase.given) return -1;
  const std::string_view text = passphrase.given->reveal();
  if (size < 0 || text.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, text.data(), text.size());
  return static_cast<int>(text.size());
}

// Everything one source holds, by what matters here.
struct Found {
  Key key;
  bool several_keys = false;
  bool public_key = false;
  bool certificate = false;
};

Found everything_in(OSSL_STORE_CTX* store) {
  Found found;
  while (OSSL_STORE_eof(store) == 0) {
    const StoreInfo info{OSSL_STORE_load(store)};
    if (!info) {
      if (OSSL_STORE_error(store) != 0) break;  // the rest cannot be read; what was found counts
      continue;
    }
    switch (OSSL_STORE_INFO_get_type(info.get())) {
      case OSSL_STORE_INFO_PKEY:
        found.several_keys = found.key != nullptr;
        found.key.reset(OSSL_STORE_INFO_get1_PKEY(info.get()));
        break;
      case OSSL_STORE_INFO_PUBKEY:
        found.public_key = true;
        break;
      case OSSL_STORE_INFO_CERT:
        found.certificate = true;
        break;
      default:
        break;
    }
    if (found.several_keys) break;
  }
  return found;
}

// OpenSSL takes the one of UTF-8 in some versions and not in others, and never that of UTF-16.
bool has_byte_order_mark(std::string_view bytes) {
  return bytes.starts_with("\xEF\xBB\xBF") || bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
}

// Reads like a sentence after the name of the source.
std::string why_no_key(const Found& found, const Passphrase& passphrase) {
  if (passphrase.asked && !passphrase.given) return "is encrypted and no passphrase is configured for it";
  if (passphrase.asked) {
    return "cannot be decrypted: the passphrase is wrong or the file is damaged" + ErrorMark::last_reason();
  }
  if (found.certificate)
    return "holds a certificate, not a private key; the key that belongs to it is needed here";
  if (found.public_key) return "holds a public key only; the private key is needed here";
  return "holds no private key that could be read: PEM, DER or PKCS#12 is expected" +
         ErrorMark::last_reason();
}

// Why the key is not fit for RS256; empty when it is.
std::string unfit(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") != 1) {
    return "is a key of type " + printable(as_view(EVP_PKEY_get0_type_name(key)), 32) +
           "; RS256 needs an RSA key";
  }
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < kMinimumBits) {
    return "is an RSA key of " + std::to_string(bits) + " bits; at least " + std::to_string(kMinimumBits) +
           " are needed";
  }
  return {};
}

std::optional<std::string> signature_of(EVP_PKEY* key, const EVP_MD* sha256, std::string_view bytes) {
  const SignState state{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* parameters = nullptr;  // belongs to state
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

// A URI begins with a scheme (RFC 3986 section 3.1); a lone letter before the colon would be a drive.
bool is_uri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon < 2) return false;
  const std::string scheme = ascii_lower(text.substr(0, colon));
  return scheme[0] >= 'a' && scheme[0] <= 'z' &&
         scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") == std::string::npos;
}

// file: URIs are files to us, with all the checks of files.
std::optional<std::string> path_in(std::string_view text) {
  if (!is_uri(text)) return std::string(text);
  if (ascii_lower(text.substr(0, 5)) != "file:") return std::nullopt;
  text.remove_prefix(5);
  if (text.starts_with("//localhost/")) text.remove_prefix(11);
  if (text.starts_with("///")) text.remove_prefix(2);
  return std::string(text);
}

}  // namespace

Result<SigningKey, std::string> SigningKey::load(std::string_view file_or_uri,
                                                 const std::optional<Secret>& passphrase) {
  const ErrorMark mark;
  // The query of a pkcs11 URI can hold the PIN (RFC 7512 section 2.4): it is not shown.
  const auto path = path_in(file_or_uri);
  const std::string shown = printable(path ? *path : file_or_uri.substr(0, file_or_uri.find('?')));
  const auto wrong = [&](const std::string& why) { return Unexpected{shown + " " + why}; };

  auto material = std::make_shared<Material>();
  material->sha256.reset(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  Passphrase answer{passphrase};
  const UiMethod ui{UI_UTIL_wrap_read_pem_callback(answer_passphrase, 0)};
  if (!material->sha256 || !ui) return wrong("cannot be loaded" + ErrorMark::last_reason());

  Secret bytes;
  Bio source;
  Store store;
  if (path) {
    auto file = read_key_file(*path);
    if (!file) return Unexpected{file.error()};
    if (file->warning) material->warnings.push_back(*file->warning);
    bytes = std::move(file->bytes);
    if (has_byte_order_mark(bytes.reveal()))
      return wrong("begins with a byte order mark; save it as plain ASCII");
    source.reset(BIO_new_mem_buf(bytes.reveal().data(), static_cast<int>(bytes.size())));
    store.reset(OSSL_STORE_attach(source.get(), "file", nullptr, nullptr, ui.get(), &answer, nullptr, nullptr,
                                  nullptr));
  } else {
    const std::string uri(file_or_uri);
    store.reset(OSSL_STORE_open(uri.c_str(), ui.get(), &answer, nullptr, nullptr));
  }
  if (!store) {
    return wrong(
        (path ? "cannot be opened" : "cannot be opened: no provider of this machine's OpenSSL serves it") +
        ErrorMark::last_reason());
  }

  Found found = everything_in(store.get());
  if (found.several_keys) return wrong("holds more than one private key");
  if (!found.key) return wrong(why_no_key(found, answer));
  if (const std::string why = unfit(found.key.get()); !why.empty()) return wrong(why);
  material->key = std::move(found.key);

  // A damaged key, or a provider that cannot sign, shows at the start and not with the first request.
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

Result<std::string, std::string> SigningKey::sign_rs256(std::string_view bytes) const {
  const ErrorMark mark;
  auto signature = signature_of(material_->key.get(), material_->sha256.get(), bytes);
  if (!signature) return Unexpected{"the private key did not sign" + ErrorMark::last_reason()};
  return std::move(*signature);
}

}  // namespace sfjwt::oauth
