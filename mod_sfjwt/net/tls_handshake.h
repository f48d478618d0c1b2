// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

struct ssl_st;  // OpenSSL's SSL

namespace sfjwt::net {

/// What OpenSSL calls for each event of a handshake (SSL_CTX_set_info_callback(3)).
using HandshakeCallback = void (*)(const ssl_st* connection, int event, int value);

/// Has it called for this connection, unless it has a callback of its own. The callback of the connection's
/// context is called no more: pass_event_on() does that.
void observe_handshake(ssl_st* connection, HandshakeCallback callback);

/// Calls the callback of the connection's context, if there is one.
void pass_event_on(const ssl_st* connection, int event, int value);

/// Why the handshake of a client with this host (without a port) fails, as a clause without the host's name;
/// empty when this event is not the one that says so.
std::string handshake_error(const ssl_st* connection, int event, int value, std::string_view host);

}  // namespace sfjwt::net
