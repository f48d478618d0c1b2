// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/peer_certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/keys/openssl_error.h"

namespace sfjwt::net {

bool certificate_names(std::string_view pem, const std::string& host) {
  const keys::ErrorMark mark;
  const Owned<BIO, BIO_free> bytes{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  const Owned<X509, X509_free> certificate{bytes ? PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr)
                                                 : nullptr};
  return certificate && certificate_names(certificate.get(), host);
}

bool certificate_names(x509_st* certificate, const std::string& host) {
  if (host.empty() || host.find('\0') != std::string::npos) return false;
  const keys::ErrorMark mark;
  return X509_check_host(certificate, host.data(), host.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                         nullptr) == 1 ||
         X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
}

}  // namespace sfjwt::net
