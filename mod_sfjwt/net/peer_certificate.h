// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

struct x509_st;  // OpenSSL's X509

namespace sfjwt::net {

/// Whether a certificate (PEM) was issued to this host: by a DNS name of its subjectAltName, by its common
/// name where it has none, or for an IP address (IPv6 without brackets) by an address of its subjectAltName
/// as well (RFC 9110 section 4.3.4, RFC 6125). `*` stands for one whole label. False for what is not a
/// certificate. Says nothing about who signed it.
bool certificate_names(std::string_view pem, const std::string& host);
bool certificate_names(x509_st* certificate, const std::string& host);

}  // namespace sfjwt::net
