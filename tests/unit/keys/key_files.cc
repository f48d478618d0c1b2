// SPDX-License-Identifier: Apache-2.0
// The keys and files the tests of this folder are made with. Named as a test since every such file is built
// in.
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/unit/keys/key_files.h"

namespace sfjwt::keys {
namespace {

using Bio = Owned<BIO, BIO_free_all>;
using Certificate = Owned<X509, X509_free>;
using Pkcs12 = Owned<PKCS12, PKCS12_free>;

void require(bool done) {
  if (!done) throw std::runtime_error("the test's key material cannot be made");
}

template <class Write>
std::string written(Write write) {
  const Bio sink{BIO_new(BIO_s_mem())};
  require(sink && write(sink.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(sink.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

Certificate self_signed(const TestKey& key) {
  Certificate certificate{X509_new()};
  require(certificate && X509_set_version(certificate.get(), 2) == 1);
  require(ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1) == 1);
  require(X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0) != nullptr);
  require(X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600) != nullptr);
  require(X509_set_pubkey(certificate.get(), key.get()) == 1);
  require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  return certificate;
}

}  // namespace

TestKey rsa_key(unsigned bits) {
  TestKey key{EVP_RSA_gen(bits)};
  require(key != nullptr);
  return key;
}

TestKey ec_key() {
  TestKey key{EVP_EC_gen("P-256")};
  require(key != nullptr);
  return key;
}

std::string private_pem(const TestKey& key, const std::string& passphrase) {
  const EVP_CIPHER* const cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  return written([&](BIO* sink) {
    return PEM_write_bio_PKCS8PrivateKey(sink, key.get(), cipher, passphrase.data(),
                                         static_cast<int>(passphrase.size()), nullptr, nullptr);
  });
}

std::string traditional_pem(const TestKey& key, const std::string& passphrase) {
  const EVP_CIPHER* const cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  const auto* const bytes = reinterpret_cast<const unsigned char*>(passphrase.data());
  return written([&](BIO* sink) {
    return PEM_write_bio_PrivateKey_traditional(sink, key.get(), cipher, bytes,
                                                static_cast<int>(passphrase.size()), nullptr, nullptr);
  });
}

std::string private_der(const TestKey& key) {
  return written([&](BIO* sink) { return i2d_PrivateKey_bio(sink, key.get()); });
}

std::string public_pem(const TestKey& key) {
  return written([&](BIO* sink) { return PEM_write_bio_PUBKEY(sink, key.get()); });
}

std::string certificate_pem(const TestKey& key) {
  const Certificate certificate = self_signed(key);
  return written([&](BIO* sink) { return PEM_write_bio_X509(sink, certificate.get()); });
}

std::string pkcs12(const TestKey& key, const std::string& passphrase) {
  const Certificate certificate = self_signed(key);
  const Pkcs12 bundle{
      PKCS12_create(passphrase.c_str(), "test", key.get(), certificate.get(), nullptr, 0, 0, 0, 0, 0)};
  require(bundle != nullptr);
  return written([&](BIO* sink) { return i2d_PKCS12_bio(sink, bundle.get()); });
}

TemporaryFolder::TemporaryFolder() {
  path_ = (std::filesystem::temp_directory_path() / "sfjwt-XXXXXX").string();
  require(::mkdtemp(path_.data()) != nullptr);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::file(const std::string& name, const std::string& content) const {
  std::ofstream(path(name), std::ios::binary) << content;
  require(::chmod(path(name).c_str(), 0600) == 0);
  return path(name);
}

}  // namespace sfjwt::keys
