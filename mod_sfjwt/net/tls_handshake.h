// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

struct ssl_st;  // OpenSSL's SSL

namespace sfjwt::net {

/// The type of callback that OpenSSL calls for each event of a handshake (SSL_CTX_set_info_callback(3)).
using HandshakeCallback = void (*)(const ssl_st* connection, int event, int value);

/// Installs the callback for this connection, unless the connection has a callback already. The callback of
/// the connection's context is then no longer called; use pass_event_on() for that.
void observe_handshake(ssl_st* connection, HandshakeCallback callback);

/// Calls the callback of the connection's context, if any.
void pass_event_on(const ssl_st* connection, int event, int value);

/// Why a handshake with this host (without port) fails, as a clause without the host name; empty if this
/// event is not the one that ends it.
std::string handshake_error(const ssl_st* connection, int event, int value, std::string_view host);

}  // namespace sfjwt::net
