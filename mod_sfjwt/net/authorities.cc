// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/authorities.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <optional>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/keys/openssl_error.h"

namespace sfjwt::net {
namespace {

using Certificate = Owned<X509, X509_free>;

std::optional<std::string> contents_of(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  std::string contents{std::istreambuf_iterator<char>(stream), {}};
  return stream ? std::optional(std::move(contents)) : std::nullopt;
}

bool is_at_end() {
  return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

}  // namespace

Result<Authorities, std::string> Authorities::read(const std::string& file) {
  const keys::ErrorMark mark;
  const auto pem = contents_of(file);
  if (!pem) return Unexpected{printable(file) + " is not a file that can be read"};
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  const Owned<BIO, BIO_free> bytes{BIO_new_mem_buf(pem->data(), static_cast<int>(pem->size()))};
  if (!store || !bytes) throw std::bad_alloc();
  // Like libcurl: an intermediate CA in the file is trusted without its root.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  std::size_t count = 0;
  while (const Certificate authority{PEM_read_bio_X509_AUX(bytes.get(), nullptr, nullptr, nullptr)}) {
    if (X509_STORE_add_cert(store.get(), authority.get()) != 1) throw std::bad_alloc();
    ++count;
  }
  if (!is_at_end())
    return Unexpected{printable(file) + " holds a certificate that is damaged" +
                      keys::ErrorMark::last_reason()};
  if (count == 0) return Unexpected{printable(file) + " holds no certificate; PEM is expected"};
  return Authorities(std::move(store));
}

}  // namespace sfjwt::net
