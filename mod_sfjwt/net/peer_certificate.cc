// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/peer_certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "mod_sfjwt/core/owned.h"

namespace sfjwt::net {

bool certificate_names(std::string_view pem, const std::string& host) {
  if (host.empty() || host.find('\0') != std::string::npos) return false;
  const Owned<BIO, BIO_free> bytes{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  const Owned<X509, X509_free> certificate{bytes ? PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr)
                                                 : nullptr};
  const bool named = certificate && (X509_check_host(certificate.get(), host.data(), host.size(),
                                                     X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1 ||
                                     X509_check_ip_asc(certificate.get(), host.c_str(), 0) == 1);
  ERR_clear_error();  // whoever looks next must not take these for his own
  return named;
}

}  // namespace sfjwt::net
