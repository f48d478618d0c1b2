// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/peer_filter.h"

#include <string>

#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/httpd/pool.h"
#include "mod_sfjwt/httpd/request/attempt.h"
#include "mod_sfjwt/net/peer_address.h"
#include "mod_sfjwt/net/peer_certificate.h"

namespace sfjwt::httpd {
namespace {

constexpr std::string_view kVerified = "SUCCESS";  // the value of mod_ssl for a verified peer
constexpr std::string_view kFailed = "FAILED:";

// The other end of a connection, examined once per connection. It is in the pool of the connection.
struct Peer {
  bool known = false;
  bool tls = false;
  bool local = false;                 // on this machine
  const char* verdict = nullptr;      // of mod_ssl: "SUCCESS" or the reason
  const char* certificate = nullptr;  // PEM
  std::string named;                  // the last host for which the certificate was accepted
};

bool holds_data(const apr_bucket_brigade* brigade) {
  for (const apr_bucket* bucket = APR_BRIGADE_FIRST(brigade); bucket != APR_BRIGADE_SENTINEL(brigade);
       bucket = APR_BUCKET_NEXT(bucket))
    if (!APR_BUCKET_IS_METADATA(bucket)) return true;
  return false;
}

// From the kernel, regardless of name resolution.
bool is_on_this_machine(conn_rec* connection) {
  apr_os_sock_t descriptor = -1;
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  apr_socket_t* socket = ap_get_conn_socket(connection);
  if (!socket || apr_os_sock_get(&descriptor, socket) != APR_SUCCESS) return false;
  if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) return false;
  return net::is_this_machine(address);
}

// The handshake takes place at the first write or flush, so this triggers one.
apr_status_t learn(ap_filter_t* filter, Peer& peer) {
  conn_rec* connection = filter->c;
  peer.tls = ap_ssl_conn_is_ssl(connection);
  peer.local = is_on_this_machine(connection);
  peer.known = !peer.tls;
  if (peer.known) return APR_SUCCESS;
  apr_bucket_brigade* flush = apr_brigade_create(connection->pool, connection->bucket_alloc);
  APR_BRIGADE_INSERT_TAIL(flush, apr_bucket_flush_create(connection->bucket_alloc));
  const apr_status_t status = ap_pass_brigade(filter->next, flush);
  apr_brigade_destroy(flush);
  if (status != APR_SUCCESS) return status;
  // These variables describe the other side, which on this connection is the server.
  const auto variable = [connection](const char* name) {
    return ap_ssl_var_lookup(connection->pool, connection->base_server, connection, nullptr, name);
  };
  peer.verdict = variable("SSL_CLIENT_VERIFY");
  peer.certificate = variable("SSL_CLIENT_CERT");
  peer.known = true;
  return APR_SUCCESS;
}

// Why this peer is not the receiver; empty if it is.
std::string mismatch(Peer& peer, const gateway::Receiver& receiver) {
  if (receiver.tls ? peer.named == receiver.host : peer.local) return "";
  const std::string host(receiver.host);
  if (!receiver.tls) return host + " is at an address that is not this machine's";
  if (!peer.tls) return "the connection to " + host + " is not encrypted";
  if (std::string_view verdict = as_view(peer.verdict); verdict != kVerified) {
    if (verdict.starts_with(kFailed)) verdict.remove_prefix(kFailed.size());
    return "the certificate of " + host + " is not verified (" + printable(verdict, 100) +
           "); set SSLProxyVerify require and check SSLProxyCACertificateFile";
  }
  if (!net::certificate_names(as_view(peer.certificate), host))
    return "the certificate of the server does not name " + host;
  peer.named = host;
  return "";
}

}  // namespace

constinit ap_filter_rec_t* peer_filter = nullptr;

apr_status_t pass_to_receiver(ap_filter_t* filter, apr_bucket_brigade* brigade) {
  Attempt* attempt = Attempt::running();
  if (!attempt || !holds_data(brigade)) return ap_pass_brigade(filter->next, brigade);
  Peer& peer = *static_cast<Peer*>(filter->ctx);
  if (!peer.known)
    if (const apr_status_t status = learn(filter, peer); status != APR_SUCCESS) return status;
  const gateway::Receiver* receiver = attempt->receiver();
  if (!receiver) return APR_EACCES;
  // After a failed handshake mod_ssl detaches from the connection, which then seems to have no TLS.
  if (!peer.tls && attempt->backend_error().is_of_handshake()) {
    filter->c->aborted = 1;
    return APR_ECONNABORTED;
  }
  if (const std::string why = mismatch(peer, *receiver); !why.empty()) {
    attempt->refuse({gateway::Reason::peer_not_verified, "Nothing was sent: " + why + ".", {}});
    filter->c->aborted = 1;  // the connection must not be used again
    return APR_ECONNABORTED;
  }
  attempt->mark_sent();
  return ap_pass_brigade(filter->next, brigade);
}

int watch_outgoing(conn_rec* connection, void*) {
  if (connection->outgoing)
    ap_add_output_filter_handle(peer_filter, &make_in_pool<Peer>(connection->pool), nullptr, connection);
  return OK;
}

}  // namespace sfjwt::httpd
