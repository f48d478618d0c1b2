// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/tls_handshake.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/net/peer_certificate.h"

namespace sfjwt::net {
namespace {

// The reason in OpenSSL's error queue, which it fills before it sends an alert.
std::string own_reason(const SSL* connection) {
  const long verdict = SSL_get_verify_result(connection);
  if (verdict != X509_V_OK)
    return std::string("its certificate is not accepted: ") + X509_verify_cert_error_string(verdict);
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason ? std::string("the TLS handshake failed: ") + reason
                : "the connection ended during the TLS handshake";
}

std::string name_mismatch(const SSL* connection, std::string_view host) {
  const Owned<X509, X509_free> certificate{SSL_get1_peer_certificate(connection)};
  if (!certificate || host.empty() || certificate_names(certificate.get(), std::string(host))) return {};
  return "its certificate is for another host name";
}

}  // namespace

void observe_handshake(ssl_st* connection, HandshakeCallback callback) {
  if (!SSL_get_info_callback(connection)) SSL_set_info_callback(connection, callback);
}

void pass_event_on(const ssl_st* connection, int event, int value) {
  if (const auto callback = SSL_CTX_get_info_callback(SSL_get_SSL_CTX(connection)))
    callback(connection, event, value);
}

std::string handshake_error(const ssl_st* connection, int event, int value, std::string_view host) {
  constexpr int kFatal = 2;  // RFC 8446 section 6: AlertLevel
  if ((event & SSL_CB_ALERT) != 0) {
    if (value >> 8 != kFatal) return {};
    if ((event & SSL_CB_READ) == 0) return own_reason(connection);
    return std::string("the server refused the TLS handshake: ") + SSL_alert_desc_string_long(value);
  }
  if ((event & SSL_CB_HANDSHAKE_DONE) != 0) return name_mismatch(connection, host);
  if (event == SSL_CB_CONNECT_EXIT && value <= 0) return own_reason(connection);
  return {};
}

}  // namespace sfjwt::net
