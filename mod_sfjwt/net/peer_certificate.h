// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

struct x509_st;  // OpenSSL's X509

namespace sfjwt::net {

/// Whether a certificate (PEM) was issued for this host: it matches a DNS name of the subjectAltName, or the
/// common name if there is none; an IP address (IPv6 without brackets) can also match an address of the
/// subjectAltName (RFC 9110 section 4.3.4, RFC 6125). `*` stands for one whole label. False if it is not a
/// certificate. Does not check who signed it.
bool certificate_names(std::string_view pem, const std::string& host);
bool certificate_names(x509_st* certificate, const std::string& host);

}  // namespace sfjwt::net
